extension PageScript {
    /// A stream, recorded or living: it can be asked what had come by an instant.
    static let stream = #"""
        /* Times are milliseconds after the request was sent. A recorded stream is filled at once, a living one by push()
           while it comes. */
        class Stream {
          constructor(facts) {
            Object.assign(this, {label: '', style: '', name: '', complete: true, outcome: 'ok', ttft: null, end: 0,
              stalls: [], cut: false}, facts);
            this.times = [];      // of each chunk
            this.ends = [];       // where its text ends in this.text
            this.totals = [];     // tokens up to and with it
            this.kinds = [];
            this.text = '';
            this.hasText = false;
          }

          push(time, tokens, kind, text) {
            const before = this.totals.length ? this.totals[this.totals.length - 1] : 0;
            if (text !== null) this.hasText = true;
            this.text += text === null ? '\u2587'.repeat(Math.max(1, tokens)) : text;
            this.times.push(time);
            this.ends.push(this.text.length);
            this.totals.push(before + tokens);
            this.kinds.push(kind);
          }

          get tokens() { return this.totals.length ? this.totals[this.totals.length - 1] : 0; }

          /* When the answer began behind thoughts; null where nothing was thought, or nothing answered. */
          get answered() {
            const index = this.kinds[0] === 'r' ? this.kinds.findIndex(kind => kind !== 'r') : -1;
            return index < 0 ? null : this.times[index];
          }

          /* The chunks that had come by a time. */
          reached(time) {
            let low = 0, high = this.times.length;
            while (low < high) {
              const middle = (low + high) >> 1;
              if (this.times[middle] <= time) low = middle + 1; else high = middle;
            }
            return low;
          }

          /* The text of the chunks from one number up to another, in pieces of one kind. */
          *pieces(from, to) {
            for (let start = from; start < to;) {
              let end = start + 1;
              while (end < to && this.kinds[end] === this.kinds[start]) end += 1;
              yield {kind: this.kinds[start], text: this.text.slice(start ? this.ends[start - 1] : 0, this.ends[end - 1])};
              start = end;
            }
          }

          /* Chunks less than a millisecond apart that brought ten tokens or more between them. */
          bursts() {
            const found = [];
            for (let start = 0; start < this.times.length;) {
              let end = start + 1;
              while (end < this.times.length && this.times[end] - this.times[end - 1] < 1) end += 1;
              const tokens = this.totals[end - 1] - (start ? this.totals[start - 1] : 0);
              const last = this.times[end - 1];
              /* A whole stream without a pause is fast, and no burst. */
              if (tokens >= 10 && end - start < this.times.length / 2) found.push({time: last, tokens});
              start = end;
            }
            return found;
          }

          /* How many characters somebody has read who began with the first token and reads so many tokens a second. */
          read(time, pace) {
            if (!this.times.length) return 0;
            const tokens = Math.max(0, (time - this.times[0]) / 1000 * pace);
            let index = 0;
            while (index < this.totals.length && this.totals[index] <= tokens) index += 1;
            const from = index ? this.ends[index - 1] : 0;
            if (index === this.totals.length) return from;
            const before = index ? this.totals[index - 1] : 0;
            const share = (tokens - before) / (this.totals[index] - before);
            return from + Math.floor((this.ends[index] - from) * share);
          }

          /* A stream as a report embeds it: microseconds, each chunk's counted from the one before. */
          static recorded(series, data) {
            const stream = new Stream({label: series.label, style: series.style, name: data.name, outcome: data.outcome,
              complete: data.complete, ttft: data.ttft === null ? null : data.ttft / 1000, end: data.end / 1000,
              stalls: data.stalls.map(stall => stall.map(instant => instant / 1000)), cut: data.cut,
              request: data.request});
            let time = 0;
            data.deltas.forEach((delta, index) => {
              time += delta;
              stream.push(time / 1000, data.tokens[index], data.kinds[index], data.texts[index]);
            });
            return stream;
          }
        }

        const milliseconds = time => time < 10000 ? `${Math.round(time)} ms` : `${(time / 1000).toFixed(1)} s`;

        const make = (name, attributes = {}, ...children) => {
          const element = document.createElement(name);
          for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
          element.append(...children);
          return element;
        };

        const draw = (name, attributes = {}, text = '') => {
          const element = document.createElementNS('http://www.w3.org/2000/svg', name);
          for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
          if (text) element.textContent = text;
          return element;
        };

        """#
}
