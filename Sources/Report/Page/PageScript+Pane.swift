extension PageScript {
    /// A pane that shows one stream as it stood at an instant.
    static let pane = #"""
        /* streams: those that can be picked. whole: shows nothing before the end, then everything, as without streaming. */
        class Pane {
          constructor(streams, stream, {whole = false, readingPace = 5.3, onchange = () => {}, onremove = null} = {}) {
            Object.assign(this, {streams, whole, readingPace, onchange});
            this.shown = 0;
            this.picker = this.makePicker();
            this.state = make('p', {class: 'state'});
            this.strip = draw('svg', {class: 'strip', viewBox: '0 0 400 58', preserveAspectRatio: 'none',
              'aria-hidden': 'true'});
            this.answer = make('div', {class: 'answer', tabindex: '0', role: 'region', 'aria-live': 'off', dir: 'auto'});
            this.counts = make('p', {class: 'counts'});
            const head = make('div', {class: 'pane-head'},
              make('label', {}, whole ? 'Without streaming' : 'Streamed', this.picker));
            if (onremove) {
              const remove = make('button', {type: 'button', 'aria-label': 'Remove this pane'}, '\u00d7');
              remove.addEventListener('click', onremove);
              head.append(remove);
            }
            this.element = make('article', {}, head, this.state, this.strip, this.answer, this.counts);
            this.reader = window.Highlight && CSS.highlights ? new Range() : null;
            this.pick(stream);
          }

          makePicker() {
            const picker = make('select');
            const groups = new Map();
            this.streams.forEach((stream, index) => {
              if (!groups.has(stream.label)) {
                groups.set(stream.label, make('optgroup', {label: stream.label}));
                picker.append(groups.get(stream.label));
              }
              const name = `${stream.label}: ${stream.name}, ${milliseconds(stream.end)}`;
              groups.get(stream.label).append(make('option', {value: index}, name));
            });
            picker.addEventListener('change', () => {
              this.pick(this.streams[picker.value]);
              this.onchange();
            });
            return picker;
          }

          pick(stream) {
            this.stream = stream;
            this.picker.value = this.streams.indexOf(stream);
            this.element.className = `pane ${stream.style}${this.whole ? ' whole' : ''}`;
            this.answer.setAttribute('aria-label', `Answer of ${stream.label}`);
            this.clear();
          }

          clear() {
            this.shown = 0;
            this.pieces = [];
            this.answer.textContent = '';
          }

          /* Shows what had come by a time, in one change of the document, and returns the chunks that this added. */
          show(time) {
            const stream = this.stream;
            const reached = !this.whole ? stream.reached(time) : time >= stream.end ? stream.times.length : 0;
            const before = this.shown;
            if (reached < before) this.clear();
            if (reached > this.shown) this.write(this.shown, reached);
            this.describe(time);
            return reached > before ? [before, reached] : null;
          }

          write(from, to) {
            const fragment = document.createDocumentFragment();
            for (const piece of this.stream.pieces(from, to)) {
              const text = document.createTextNode(piece.text);
              const start = this.pieces.length ? this.pieces[this.pieces.length - 1].end : 0;
              this.pieces.push({node: text, start, end: start + piece.text.length});
              fragment.append(piece.kind === 'r' ? make('span', {class: 'r'}, text) : text);
            }
            this.answer.append(fragment);
            this.shown = to;
            this.answer.scrollTop = this.answer.scrollHeight;
          }

          describe(time) {
            const stream = this.stream;
            const stall = stream.stalls.find(stall => time > stall[0] && time < stall[1]);
            const isOver = time >= stream.end;
            const isWaiting = this.whole ? !isOver : stream.ttft === null || time < stream.ttft;
            let state = 'streaming';
            if (isOver) state = stream.complete ? `done after ${milliseconds(stream.end)}` : `failed: ${stream.outcome}`;
            else if (isWaiting) state = `waiting, ${milliseconds(time)}`;
            else if (stall) state = `stalled for ${milliseconds(time - stall[0])}`;
            else if (stream.kinds[this.shown - 1] === 'r') state = 'thinking';
            this.set(this.state, state);
            this.element.classList.toggle('stalled', Boolean(stall) && !isOver && !this.whole);
            this.element.classList.toggle('broken', isOver && !stream.complete);
            const tokens = this.shown ? stream.totals[this.shown - 1] : 0;
            const needs = stream.tokens / this.readingPace * 1000;
            this.set(this.counts, [
              this.whole ? '' : `first token ${stream.ttft === null ? 'never' : `at ${milliseconds(stream.ttft)}`}`,
              this.whole || stream.answered === null ? '' : `answer from ${milliseconds(stream.answered)}`,
              `${tokens} of ${stream.tokens} tokens${stream.cut ? ' (cut in this page)' : ''}`,
              `reading all at ${this.readingPace} tok/s takes ${milliseconds(needs)}`,
            ].filter(Boolean).join(' \u00b7 '));
            this.moveHead(time);
            this.markRead(time);
          }

          set(element, text) { if (element.textContent !== text) element.textContent = text; }

          /* The reader's place is painted over the text, so that following it changes no element. */
          markRead(time) {
            if (!this.reader || !this.pieces.length) return;
            const start = this.whole ? time - this.stream.end + (this.stream.times[0] || 0) : time;
            const end = this.pieces[this.pieces.length - 1].end;
            const characters = Math.min(end, this.stream.read(start, this.readingPace));
            const piece = this.pieces.find(piece => piece.end >= characters);
            this.reader.setStart(this.pieces[0].node, 0);
            this.reader.setEnd(piece.node, Math.max(0, Math.min(piece.node.length, characters - piece.start)));
          }

          /* The stream on a line as long as the longest of all panes. */
          drawStrip(duration) {
            const place = time => 4 + 392 * Math.min(1, time / duration);
            const stream = this.stream;
            const parts = [];
            const first = this.whole ? stream.end : stream.ttft === null ? stream.end : stream.ttft;
            parts.push(draw('rect', {class: 'wait', x: 4, y: 27, width: Math.max(0, place(first) - 4), height: 6}));
            if (!this.whole) {
              let ticks = '', last = -1;
              for (const time of stream.times) {
                const x = place(time);
                if (x - last >= 0.7) { ticks += `M${x.toFixed(1)} 20V40`; last = x; }
              }
              parts.push(draw('path', {class: 'tick', d: ticks}));
              for (const stall of stream.stalls) {
                parts.push(draw('rect', {class: 'stop', x: place(stall[0]), y: 22, width: place(stall[1]) - place(stall[0]),
                  height: 16}));
              }
              for (const burst of stream.bursts()) {
                parts.push(draw('path', {class: 'burst', d: `M${place(burst.time)} 14V44`}));
              }
            }
            const end = place(stream.end);
            parts.push(draw('path', {class: 'burst', d: `M${end} 18V42`}));
            this.head = draw('path', {class: 'head', d: 'M0 0V58'});
            this.place = place;
            this.strip.replaceChildren(...parts, this.head);
            this.tell();
          }

          /* Words in the strip would be stretched with it: they stand below. */
          tell() {
            const stream = this.stream;
            const notes = stream.stalls.map(stall => `stall of ${milliseconds(stall[1] - stall[0])} at ${milliseconds(stall[0])}`)
              .concat(stream.bursts().map(burst => `burst of ${burst.tokens} tokens at ${milliseconds(burst.time)}`));
            if (this.notes) this.notes.remove();
            this.notes = make('p', {class: 'counts'}, this.whole ? '' : notes.slice(0, 4).join(' \u00b7 ')
              + (notes.length > 4 ? ` and ${notes.length - 4} more` : ''));
            this.element.append(this.notes);
          }

          moveHead(time) { if (this.head) this.head.setAttribute('transform', `translate(${this.place(time).toFixed(1)} 0)`); }
        }

        """#
}
