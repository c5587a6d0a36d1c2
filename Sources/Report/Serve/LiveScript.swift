extension LivePage {
    /// The page's program: listens, counts, draws at most once a frame, and goes on behind a lost connection.
    package static let script = #"""
        'use strict';
        (() => {
          const byId = id => document.getElementById(id);
          const state = byId('state'), chart = byId('chart');
          /* In the run's order, so that their colours are those of its report. */
          const targets = JSON.parse(document.body.dataset.targets), points = [], latest = [];
          /* What has come, for whoever wants to check it: every id in the order of arrival. */
          const seen = window.ttftLive = {ids: [], connections: 0, isOver: false};
          let figures = null, isWaiting = false;
          const SHOWN = 40, DRAWN = 4000;

          const cell = (row, text) => { const made = row.insertCell(); made.textContent = text; return made; };
          const number = value => value === null || value === undefined ? 'n/a'
            : Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);

          const drawFigures = () => {
            if (!figures) return;
            byId('share').value = figures.share;
            const errors = Object.entries(figures.errors).map(([name, count]) => `${name} ${count}`).join(', ');
            byId('counts').textContent = `${figures.done} done, ${figures.failed} failed${errors ? ` (${errors})` : ''}`
              + `, ${figures.elapsed_s.toFixed(0)} s`;
            byId('figures').replaceChildren(...figures.targets.map(target => {
              const row = document.createElement('tr');
              const name = document.createElement('th');
              name.scope = 'row'; name.textContent = target.name; row.append(name);
              for (const text of [target.done, target.done - target.complete, number(target.ttft_ms.p50),
                number(target.ttft_ms.p90), number(target.ttft_ms.p99), number(target.gap_ms.p50),
                number(target.output_speed.p50), number(target.requests_per_s), number(target.tokens_per_s)])
                cell(row, text);
              return row;
            }));
          };

          const drawRequests = () => {
            byId('requests').replaceChildren(...latest.map(request => {
              const row = document.createElement('tr');
              const name = document.createElement('th');
              name.scope = 'row';
              name.textContent = request.index + (request.attempt > 1 ? `, attempt ${request.attempt}` : '');
              row.append(name);
              for (const text of [request.target, request.outcome, number(request.ttft_ms), number(request.e2e_ms),
                number(request.output_speed)]) cell(row, text);
              return row;
            }));
          };

          const make = (name, attributes, text) => {
            const element = document.createElementNS('http://www.w3.org/2000/svg', name);
            for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
            if (text !== undefined) element.textContent = text;
            return element;
          };

          /* Targets differ by shape too; what failed is a cross on the ground line. */
          const SHAPES = ['M-3 0a3 3 0 1 0 6 0a3 3 0 1 0 -6 0', 'M-3 -3h6v6h-6z', 'M0 -4L4 3H-4z', 'M0 -4L4 0L0 4L-4 0z'];
          const mark = (series, x, y, hasFailed) => make('path', {
            d: hasFailed ? 'M-3 -3L3 3M3 -3L-3 3' : SHAPES[series % SHAPES.length],
            transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})`, class: hasFailed ? 'failed' : `s${series % 8}`});

          const drawChart = () => {
            if (!points.length) return;
            const [width, height, left, bottom] = [960, 280, 56, 24];
            const first = Math.min(...points.map(point => point.x)), last = Math.max(...points.map(point => point.x), first + 1);
            const most = Math.max(...points.map(point => point.y ?? 0), 1);
            const x = value => left + (value - first) / (last - first) * (width - left - 8);
            const y = value => height - bottom - value / most * (height - bottom - 12);
            const svg = make('svg', {viewBox: `0 0 ${width} ${height}`, role: 'img',
              'aria-label': 'Time to first token of each request by its start; the table below has the latest ones'});
            for (const part of [0, 0.5, 1]) {
              svg.append(make('line', {x1: left, x2: width - 8, y1: y(part * most), y2: y(part * most)}));
              svg.append(make('text', {x: left - 6, y: y(part * most) + 4, 'text-anchor': 'end'}, `${number(part * most)} ms`));
            }
            svg.append(make('text', {x: left, y: height - 6}, `${(first / 1000).toFixed(1)} s`));
            svg.append(make('text', {x: width - 8, y: height - 6, 'text-anchor': 'end'}, `${(last / 1000).toFixed(1)} s`));
            for (const point of points) {
              const dot = mark(point.series, x(point.x), y(point.y ?? 0), point.y === null);
              dot.append(make('title', {}, point.title));
              svg.append(dot);
            }
            const keys = document.createElement('p');
            keys.className = 'keys';
            for (const [series, name] of [...targets.entries(), [0, 'failed']].filter(([, name]) => name)) {
              const key = document.createElement('span');
              const swatch = make('svg', {viewBox: '0 0 14 14', class: 'swatch', 'aria-hidden': 'true'});
              swatch.append(mark(series, 7, 7, name === 'failed' && !targets.includes(name)));
              key.className = 'key';
              key.append(swatch, name);
              keys.append(key);
            }
            chart.replaceChildren(keys, svg);
          };

          const draw = () => { isWaiting = false; drawFigures(); drawRequests(); drawChart(); };
          const drawSoon = () => { if (!isWaiting) { isWaiting = true; requestAnimationFrame(draw); } };

          const source = new EventSource(document.body.dataset.events);
          source.addEventListener('open', () => { seen.connections++; state.textContent = 'In progress'; });
          source.addEventListener('error', () => { state.textContent = 'The connection is lost; trying again'; });
          source.addEventListener('request', event => {
            const request = JSON.parse(event.data);
            seen.ids.push(Number(event.lastEventId));
            points.push({x: request.start_offset_ms ?? 0, y: request.is_complete ? request.ttft_ms : null,
              series: targets.indexOf(request.target),
              title: `${request.target}, request ${request.index}: ${request.outcome}, ${number(request.ttft_ms)} ms`});
            if (points.length > DRAWN) points.shift();
            latest.unshift(request);
            if (latest.length > SHOWN) latest.pop();
            drawSoon();
          });
          source.addEventListener('figures', event => { figures = JSON.parse(event.data); drawSoon(); });
          source.addEventListener('end', event => {
            source.close();
            seen.isOver = true;
            const status = JSON.parse(event.data).status;
            state.textContent = status === 'unfinished' ? 'The process that measured is gone' : `The run is ${status}`;
            state.classList.remove('warning');
            drawSoon();
          });
        })();
        """#
}
