extension PlayPage {
    /// The page's program: asks, paints at most once a frame, and holds what it saw beside what was measured.
    package static let script = #"""
        'use strict';
        (() => {
          const byId = id => document.getElementById(id);
          const facts = document.body.dataset;
          const targets = JSON.parse(facts.targets), prompts = JSON.parse(facts.prompts);
          const make = (name, attributes = {}, ...children) => {
            const element = document.createElement(name);
            for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
            element.append(...children);
            return element;
          };
          const textLimit = 50000;
          const number = value => value === null || value === undefined || Number.isNaN(value) ? 'n/a'
            : Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
          const median = values => {
            const ordered = [...values].sort((a, b) => a - b), middle = ordered.length >> 1;
            return !ordered.length ? null
              : ordered.length % 2 ? ordered[middle] : (ordered[middle - 1] + ordered[middle]) / 2;
          };
          /* As the latency between tokens is measured over reads, over paints: tokens of one paint share the gap before it. */
          const latencies = painted => {
            const found = [];
            for (let start = 0, before = null; start < painted.length;) {
              const {time} = painted[start];
              let end = start, tokens = 0;
              for (; end < painted.length && painted[end].time === time; end += 1) tokens += painted[end].tokens;
              if (before !== null) for (let token = 0; token < tokens; token += 1) found.push((time - before) / tokens);
              before = time;
              start = end;
            }
            return found;
          };

          class Pane {
            constructor(index) {
              this.index = index;
              this.target = make('select', {'aria-label': 'Target'}, ...targets.map(name => new Option(name, name)));
              this.target.value = targets[index % targets.length];
              this.way = make('select', {'aria-label': 'Way of streaming'},
                new Option('fetch', 'fetch'), new Option('EventSource', 'events'));
              this.way.value = index % 2 ? 'events' : 'fetch';
              this.state = make('p', {class: 'state', role: 'status'});
              this.answer = make('div', {class: 'answer', tabindex: '0', role: 'region', 'aria-label': 'Answer',
                'aria-live': 'off', dir: 'auto'});
              this.body = make('tbody');
              const head = make('thead', {}, make('tr', {}, ...['', 'ttft measured', 'this page saw', 'difference']
                .map(text => make('th', {scope: 'col'}, text))));
              this.element = make('article', {class: `pane s${index % 8}`},
                make('div', {class: 'pane-head'}, make('label', {}, 'Target', this.target), make('label', {}, 'By', this.way)),
                this.state, this.answer, make('div', {class: 'scroll'}, make('table', {}, head, this.body)));
              this.isBusy = false;
              this.say('ready');
            }

            say(text, isBroken = false) {
              this.state.textContent = text;
              this.element.classList.toggle('broken', isBroken);
            }

            start(query) {
              this.queue = [];
              this.drawn = [];
              this.text = '';
              this.shown = 0;
              this.isCut = false;
              this.painted = [];
              this.figures = null;
              this.answer.textContent = '';
              this.body.replaceChildren();
              this.isBusy = true;
              this.started = performance.now();
              this.say('waiting');
              const address = `/play/stream?${new URLSearchParams({...query, key: facts.key, target: this.target.value})}`;
              return this.way.value === 'fetch' ? this.fetch(address) : this.listen(address);
            }

            async fetch(address) {
              this.abort = new AbortController();
              try {
                const response = await fetch(address, {signal: this.abort.signal});
                if (!response.ok) throw new Error((await response.text()).trim());
                const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
                let rest = '';
                for (;;) {
                  const {done, value} = await reader.read();
                  if (done) break;
                  const events = (rest + value).split('\n\n');
                  rest = events.pop();
                  for (const event of events) this.take(event);
                }
                if (!this.figures) throw new Error('the connection was lost');
              } catch (error) {
                this.end(error.name === 'AbortError' ? 'stopped' : error.message, true);
              }
            }

            take(event) {
              const fields = {};
              for (const line of event.split('\n')) {
                const colon = line.indexOf(': ');
                if (colon > 0) fields[line.slice(0, colon)] = line.slice(colon + 2);
              }
              if (fields.event) this.receive(fields.event, JSON.parse(fields.data));
            }

            listen(address) {
              return new Promise(resolve => {
                const source = new EventSource(address);
                const close = (text) => { source.close(); if (text) this.end(text, true); resolve(); };
                this.abort = {abort: () => close('stopped')};
                source.addEventListener('piece', event => this.receive('piece', JSON.parse(event.data)));
                source.addEventListener('done', event => { this.receive('done', JSON.parse(event.data)); close(); });
                /* It would ask again by itself, which would be another request to the target. */
                source.addEventListener('error', () => close('the connection was refused or lost'));
              });
            }

            receive(name, value) {
              if (name === 'piece') this.queue.push({...value, received: performance.now() - this.started});
              else if (name === 'done') this.figures = value;
              paintSoon();
            }

            /* One change of the document a frame, however many pieces came. */
            paint() {
              if (!this.queue || !this.queue.length) return;
              const fragment = document.createDocumentFragment();
              for (const piece of this.queue) {
                this.text += piece.text;
                /* A browser lays out a text of megabytes for minutes; what is measured is all of it. */
                const text = piece.text.slice(0, textLimit - this.shown);
                this.shown += text.length;
                const node = document.createTextNode(text);
                if (text) fragment.append(piece.kind === 'reasoning' ? make('span', {class: 'r'}, node) : node);
                if (text.length < piece.text.length && !this.isCut) {
                  this.isCut = true;
                  fragment.append(make('p', {class: 'note'}, `cut in this page after ${textLimit} characters`));
                }
              }
              const isThinking = this.queue[this.queue.length - 1].kind === 'reasoning';
              this.drawn.push(...this.queue);
              this.queue = [];
              this.answer.append(fragment);
              this.answer.scrollTop = this.answer.scrollHeight;
              const count = this.painted.length + this.drawn.length;
              if (this.isBusy) this.say(`${isThinking ? 'thinking' : 'streaming'}, ${count} pieces`);
            }

            /* After the frame was painted; the frame's own instant may lie before that at which a piece came. */
            note(now) {
              if (!this.drawn) return;
              const time = now - this.started;
              for (const {received, tokens} of this.drawn) this.painted.push({time, received, tokens: tokens ?? 1});
              this.drawn = [];
              if (this.figures && this.isBusy && !this.queue.length) {
                this.draw();
                const {outcome, detail, is_complete: isComplete} = this.figures;
                this.end(isComplete ? 'done' : `${outcome}${detail ? `: ${detail}` : ''}`, !isComplete);
              }
            }

            draw() {
              const figures = this.figures, painted = this.painted;
              const last = painted.length ? painted[painted.length - 1].time : null;
              const rows = [
                ['first token, ms', figures.ttft_ms, painted.length ? painted[0].time : null],
                ['ITL p50, ms', figures.itl_p50_ms, median(latencies(painted))],
                ['last token, ms', figures.arrivals_ms[figures.arrivals_ms.length - 1], last],
                ['whole answer, ms', figures.e2e_ms, null], ['TPOT, ms', figures.tpot_ms, null],
                ['output speed, tok/s', figures.output_speed, null], ['output tokens', figures.tokens, null]];
              this.body.replaceChildren(...rows.map(([name, measured, seen]) => make('tr', {}, make('th', {scope: 'row'}, name),
                make('td', {}, name === 'output tokens' ? String(measured ?? 'n/a') : number(measured)),
                make('td', {}, seen === null ? '' : number(seen)),
                make('td', {}, seen === null || measured === null || measured === undefined ? ''
                  : `${seen >= measured ? '+' : ''}${number(seen - measured)}`))));
            }

            /* What was stopped, or lost, was not measured to its end; what the page saw of it stays. */
            drawSeen() {
              const painted = this.painted;
              const rows = [['first token, ms', painted[0].time], ['ITL p50, ms', median(latencies(painted))],
                ['last token seen, ms', painted[painted.length - 1].time]];
              this.body.replaceChildren(...rows.map(([name, seen]) => make('tr', {}, make('th', {scope: 'row'}, name),
                make('td', {}, 'not measured'), make('td', {}, seen === null ? '' : number(seen)), make('td', {}))));
            }

            end(text, isBroken) {
              if (!this.isBusy) return;
              this.isBusy = false;
              if (!this.figures && this.painted.length) this.drawSeen();
              this.say(text, isBroken);
              refresh();
            }

            stop() { if (this.isBusy && this.abort) this.abort.abort(); }
          }

          const panes = [];
          let isWaiting = false;
          const paintSoon = () => {
            if (isWaiting) return;
            isWaiting = true;
            requestAnimationFrame(() => {
              isWaiting = false;
              for (const pane of panes) pane.paint();
              /* A message that is sent in a frame is received after the frame was painted. */
              frames.port2.postMessage(null);
            });
          };
          const frames = new MessageChannel();
          frames.port1.onmessage = () => { const now = performance.now(); for (const pane of panes) pane.note(now); };
          const refresh = () => {
            const isBusy = panes.some(pane => pane.isBusy);
            byId('start').disabled = isBusy;
            byId('stop').disabled = !isBusy;
          };
          const add = () => {
            const pane = new Pane(panes.length);
            panes.push(pane);
            byId('panes').append(pane.element);
            byId('add').disabled = panes.length >= 8;
          };

          byId('prompt').append(...prompts.map((prompt, index) => new Option(prompt.id, index)), new Option('own words', 'own'));
          const showPrompt = () => {
            const isOwn = byId('prompt').value === 'own';
            byId('words').readOnly = !isOwn;
            if (!isOwn) byId('words').value = prompts[byId('prompt').value].text;
            else byId('words').focus();
          };
          byId('prompt').addEventListener('change', showPrompt);
          byId('ask').addEventListener('submit', event => {
            event.preventDefault();
            const chosen = byId('prompt').value;
            const query = chosen === 'own' ? {text: byId('words').value} : {prompt: chosen};
            if (byId('limit').value) query.limit = byId('limit').value;
            for (const pane of panes) pane.start(query);
            refresh();
          });
          byId('stop').addEventListener('click', () => { for (const pane of panes) pane.stop(); });
          byId('add').addEventListener('click', add);
          showPrompt();
          for (let index = 0; index < Math.min(2, Math.max(1, targets.length)); index++) add();
          /* For whoever wants to check what came and when it was painted. */
          window.ttftPlay = {panes};
        })();
        """#
}
