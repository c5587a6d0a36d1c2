extension PageScript {
    /// What people press, and the panes in their grid.
    static let controls = #"""
        /* Builds a playground into an element, from streams that can be picked; returns its player. */
        const playground = (root, streams, {first = [], readingPace = 5.3} = {}) => {
          const player = new Player();
          const play = make('button', {type: 'button', class: 'play'}, 'Play');
          const speed = make('select', {'aria-label': 'Speed'});
          for (const factor of [0.1, 0.25, 0.5, 1, 2, 4]) speed.append(make('option', {value: factor}, `${factor}\u00d7`));
          speed.value = 1;
          const scrub = make('input', {type: 'range', class: 'scrub', min: 0, step: 1, value: 0,
            'aria-label': 'Time in the streams'});
          const clock = make('output', {class: 'clock', 'aria-live': 'off'});
          const add = make('button', {type: 'button'}, 'Add a pane');
          const grid = make('div', {class: 'panes'});
          const paint = make('p', {class: 'paint', 'aria-live': 'off'},
            'While it plays, the page measures how late it paints. In a pane the space bar plays, and the arrow keys move in time.');
          root.append(make('div', {class: 'controls'}, play, speed, scrub, clock, add), paint, grid);

          const arrange = () => {
            grid.replaceChildren(...player.panes.map(pane => pane.element));
            scrub.max = Math.ceil(player.duration);
            for (const pane of player.panes) pane.drawStrip(player.duration);
            if (window.Highlight && CSS.highlights) {
              CSS.highlights.set('read', new Highlight(...player.panes.map(pane => pane.reader).filter(Boolean)));
            }
            player.seek(player.time);
          };
          const open = (stream, whole) => {
            const pane = new Pane(streams, stream, {whole, readingPace, onchange: arrange, onremove: () => {
              player.panes = player.panes.filter(other => other !== pane);
              arrange();
            }});
            const last = player.panes.findIndex(pane => pane.whole);
            if (whole || last < 0) player.panes.push(pane); else player.panes.splice(last, 0, pane);
            arrange();
          };
          add.addEventListener('click', () => open(streams[player.panes.length % streams.length], false));
          play.addEventListener('click', () => player.isPlaying ? player.pause() : player.play());
          speed.addEventListener('change', () => player.setSpeed(Number(speed.value)));
          scrub.addEventListener('input', () => player.seek(Number(scrub.value)));
          player.addEventListener('change', () => { play.textContent = player.isPlaying ? 'Pause' : 'Play'; });
          player.addEventListener('time', () => {
            scrub.value = player.time;
            clock.textContent = `${milliseconds(player.time)} of ${milliseconds(player.duration)}`;
            scrub.setAttribute('aria-valuetext', clock.textContent);
          });
          player.addEventListener('paint', () => {
            paint.textContent = `This page painted a chunk ${player.delay(0.5).toFixed(1)} ms (p50) and `
              + `${player.delay(0.99).toFixed(1)} ms (p99) after its stored instant: ${player.delays.length} chunks `
              + `at ${player.speed}\u00d7.`;
          });
          root.addEventListener('keydown', event => {
            if (event.target.closest('button, select, input')) return;
            const step = {ArrowLeft: -1, ArrowRight: 1}[event.key];
            if (event.key === ' ') play.click();
            else if (step) player.seek(player.time + step * player.duration / 50);
            else if (event.key === 'Home') player.seek(0);
            else return;
            event.preventDefault();
          });
          for (const stream of first) open(stream, false);
          if (first.length) open(first[first.length - 1], true);
          return player;
        };

        """#

    /// What happens when the page is open.
    static let start = #"""
        document.documentElement.classList.add('scripted');
        const root = document.getElementById('player');
        const data = document.getElementById('streams');
        if (root && data) {
          const {series, first, readingPace} = JSON.parse(data.textContent);
          const groups = series.map(one => one.streams.map(stream => Stream.recorded(one, stream)));
          let opened = first.map(index => groups[index][0]);
          /* One target alone: its median beside its worst. */
          if (opened.length === 1) {
            const others = groups[first[0]].filter(stream => stream !== opened[0]);
            opened = opened.concat(others.find(stream => stream.name.includes('worst')) || others[0] || opened[0]);
          }
          const player = playground(root, groups.flat(), {first: opened, readingPace});
          root.ttftPlayer = player;
        }
        for (const chart of document.querySelectorAll('svg.chart[data-readout]:not([data-readout=""])')) readout(chart);
        """# + "\n"
}
