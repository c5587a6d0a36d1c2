extension PageScript {
    /// What the curves of a chart say at the place of the pointer.
    static let readout = #"""
        /* Cumulative curves only: each goes right and up in steps, as its path's H and V say. */
        const readout = chart => {
          const [kind, ...numbers] = chart.dataset.plot.split(' ');
          const [low, high, left, right, top, bottom] = numbers.map(Number);
          const curves = [...chart.querySelectorAll('path[data-label]')].map(path => {
            const steps = [];
            let x = 0;
            for (const [, command, value] of path.getAttribute('d').matchAll(/([HV]|M)(-?[\d.]+)/g)) {
              if (command === 'V') steps.push([x, (bottom - value) / (bottom - top)]); else x = Number(value);
            }
            return {label: path.dataset.label, steps};
          });
          const line = draw('path', {class: 'cross-hair', d: ''});
          const words = make('p', {class: 'readout', 'aria-live': 'off'});
          chart.append(line);
          chart.parentElement.after(words);
          chart.addEventListener('pointermove', event => {
            const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(chart.getScreenCTM().inverse()).x;
            if (place < left || place > right) return;
            const share = (place - left) / (right - left);
            const value = kind === 'log' ? low * (high / low) ** share : low + (high - low) * share;
            line.setAttribute('d', `M${place.toFixed(1)} ${top}V${bottom}`);
            words.textContent = `at most ${value.toPrecision(3)} ${chart.dataset.readout}: ` + curves.map(curve => {
              const passed = curve.steps.filter(step => step[0] <= place);
              const reached = passed.length ? passed[passed.length - 1][1] : 0;
              return `${curve.label} ${Math.round(100 * reached)} %`;
            }).join(', ');
          });
          chart.addEventListener('pointerleave', () => {
            line.setAttribute('d', '');
            words.textContent = '';
          });
        };

        """#
}
