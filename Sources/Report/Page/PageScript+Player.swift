extension PageScript {
    /// The clock of all panes, and the measure of how late the screen was.
    static let player = #"""
        /* Plays panes on one clock. Every frame shows each pane as it stands at the frame's instant: so a fast stream costs
           one change of the document per frame, however many chunks it has. */
        class Player extends EventTarget {
          constructor() {
            super();
            this.panes = [];
            this.time = 0;
            this.speed = 1;
            this.isPlaying = false;
            this.delays = [];
            this.painted = new MessageChannel();
            this.pending = [];
            this.painted.port1.onmessage = () => this.measure(performance.now());
          }

          get duration() { return Math.max(1, ...this.panes.map(pane => pane.stream.end)); }

          play() {
            if (this.isPlaying) return;
            if (this.time >= this.duration) this.seek(0);
            this.isPlaying = true;
            this.delays = [];
            this.anchor();
            requestAnimationFrame(now => this.frame(now));
            this.changed();
          }

          pause() {
            this.isPlaying = false;
            this.changed();
          }

          setSpeed(speed) {
            this.speed = speed;
            this.delays = [];
            this.anchor();
            this.changed();
          }

          seek(time) {
            this.time = Math.min(Math.max(0, time), this.duration);
            this.pending = [];
            this.show();
            this.anchor();
            this.changed();
          }

          /* From here on the clock counts from this instant of the screen and that of the streams. */
          anchor() {
            this.started = performance.now();
            this.from = this.time;
            this.dispatchEvent(new CustomEvent('anchor', {detail: {started: this.started, from: this.from, speed: this.speed}}));
          }

          frame(now) {
            if (!this.isPlaying) return;
            this.time = Math.min(this.duration, Math.max(this.from, this.from + (now - this.started) * this.speed));
            for (const [pane, added] of this.show()) {
              if (pane.whole) continue;
              for (let index = added[0]; index < added[1]; index += 1) {
                const time = pane.stream.times[index];
                if (time >= this.from) this.pending.push(this.started + (time - this.from) / this.speed);
              }
            }
            /* A message that is sent in a frame is received after the frame was painted. */
            if (this.pending.length) this.painted.port2.postMessage(null);
            if (this.time >= this.duration) return this.pause();
            requestAnimationFrame(later => this.frame(later));
          }

          show() {
            const added = [];
            for (const pane of this.panes) {
              const range = pane.show(this.time);
              if (range) added.push([pane, range]);
            }
            this.dispatchEvent(new Event('time'));
            return added;
          }

          measure(now) {
            for (const due of this.pending) this.delays.push(now - due);
            this.pending = [];
            this.dispatchEvent(new Event('paint'));
          }

          delay(share) {
            const sorted = this.delays.slice().sort((left, right) => left - right);
            return sorted.length ? sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] : null;
          }

          changed() { this.dispatchEvent(new Event('change')); }
        }

        """#
}
