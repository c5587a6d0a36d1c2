/// The page's style sheet: light and dark, paper, narrow screens; lengths follow the size of the reader's text.
enum PageStyle {
    static let text = palette + layout + charts + playground

    // Okabe and Ito's colours, which people with any colour vision tell apart, moved until each stands out from its ground.
    private static let palette = #"""
        :root {
          --ground: #fff; --raised: #f6f7f9; --ink: #16181d; --soft: #565d6b; --rule: #d5d9e0; --accent: #0b57a4;
          --bad: #b3261e; --bad-ground: #fdecea; --good: #146c2e; --good-ground: #e8f5ec; --warn-ground: #fff4d6;
          --wait: #b9bfca; --under: var(--ground); --edge: #16181d40;
          --c0: #0072b2; --c1: #c84e00; --c2: #00795a; --c3: #a14c86; --c4: #8a6d00; --c5: #3d6fd1; --c6: #4a4f5a;
          --c7: #b06f00;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --ground: #14161a; --raised: #1d2026; --ink: #e9ebef; --soft: #a6adba; --rule: #3a404b; --accent: #8ec5ff;
            --bad: #ff8a80; --bad-ground: #3b1d1c; --good: #7fd99a; --good-ground: #16301f; --warn-ground: #38300f;
            --wait: #59606d; --edge: #e9ebef4d;
            --c0: #56b4e9; --c1: #ff8a4c; --c2: #2cc49a; --c3: #e59bc8; --c4: #e5d844; --c5: #8fa8ff; --c6: #c3c8d2;
            --c7: #e6a83a;
          }
        }
        .s0 { --c: var(--c0); } .s1 { --c: var(--c1); } .s2 { --c: var(--c2); } .s3 { --c: var(--c3); }
        .s4 { --c: var(--c4); } .s5 { --c: var(--c5); } .s6 { --c: var(--c6); } .s7 { --c: var(--c7); }

        """#

    private static let layout = #"""
        * { box-sizing: border-box; }
        html { font: 100%/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground); }
        body { margin: 0 auto; max-width: 84rem; padding: 0 clamp(0.75rem, 3vw, 2rem) 2rem; }
        h1 { font-size: 1.75rem; line-height: 1.2; margin: 1.5rem 0 0.25rem; overflow-wrap: anywhere; }
        h2 { font-size: 1.35rem; margin: 2.5rem 0 0.75rem; padding-top: 0.5rem; border-top: 2px solid var(--rule); }
        h3 { font-size: 1.05rem; margin: 0 0 0.25rem; }
        p { margin: 0.25rem 0; overflow-wrap: anywhere; }
        header p, figcaption p, .faint, footer { color: var(--soft); }
        a { color: var(--accent); }
        nav { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; margin-top: 0.75rem; }
        .skip { position: absolute; left: -100rem; }
        .skip:focus { left: 0.5rem; top: 0.5rem; background: var(--ground); padding: 0.5rem; z-index: 2; }
        :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
        /* A shade at an edge says that more lies beyond it; the grounds move along and cover it at the end. */
        .scroll { overflow-x: auto; max-width: 100%;
          background: linear-gradient(to right, var(--under) 60%, transparent) 0 0 / 2rem 100% no-repeat local,
            linear-gradient(to left, var(--under) 60%, transparent) 100% 0 / 2rem 100% no-repeat local,
            linear-gradient(to right, var(--edge), transparent) 0 0 / 0.8rem 100% no-repeat scroll,
            linear-gradient(to left, var(--edge), transparent) 100% 0 / 0.8rem 100% no-repeat scroll; }

        .verdicts { display: grid; gap: 0.5rem; margin: 0 0 1.25rem; }
        .verdict { border-left: 0.3rem solid var(--rule); background: var(--raised); padding: 0.5rem 0.9rem; display: grid;
          grid-template-columns: minmax(9rem, 12rem) 1fr; gap: 0 1rem; }
        .verdict dt { font-weight: 700; }
        .verdict dd { margin: 0; overflow-wrap: anywhere; }
        .verdict.bad { border-color: var(--bad); background: var(--bad-ground); }
        .verdict.bad dt { color: var(--bad); }
        .verdict.bad dt::before { content: "\26a0\fe0e\00a0"; }
        .verdict.good { border-color: var(--good); background: var(--good-ground); }
        .verdict.good dt::before { content: "\2713\00a0"; }

        .bars { list-style: none; margin: 0.5rem 0 1.25rem; padding: 0; }
        .bars li { display: grid; grid-template-columns: minmax(0, 15rem) minmax(6rem, 1fr) minmax(0, 23rem); gap: 0 0.75rem;
          align-items: center; padding: 0.15rem 0; }
        .bar { width: 100%; height: 1.5rem; display: block; }
        .bar-name { display: flex; gap: 0.5rem; align-items: center; font-weight: 600; overflow-wrap: anywhere; }
        .bar-value { color: var(--soft); font-variant-numeric: tabular-nums; }
        .bar-wait { fill: var(--wait); }
        .bar-stream { fill: var(--c, var(--accent)); }

        .keys { display: flex; flex-wrap: wrap; gap: 0.15rem 1.1rem; color: var(--ink); }
        .key { display: inline-flex; align-items: center; gap: 0.4rem; }
        .swatch { width: 2.1rem; height: 0.9rem; flex: none; overflow: visible; }

        .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(24rem, 100%), 1fr)); gap: 1rem; }
        .card, .pane { --under: var(--raised); }
        .card { background: var(--raised); border-top: 0.3rem solid var(--c); padding: 0.75rem 1rem; min-width: 0; }
        .card h3 { display: flex; gap: 0.5rem; align-items: center; overflow-wrap: anywhere; }
        .card p { font-size: 0.875rem; }
        .warning { background: var(--warn-ground); padding: 0.3rem 0.5rem; }

        table { border-collapse: collapse; font-size: 0.9rem; font-variant-numeric: tabular-nums; margin: 0.5rem 0; }
        caption { text-align: left; color: var(--soft); padding: 0.25rem 0; }
        th, td { padding: 0.2rem 0.75rem 0.2rem 0; text-align: right; vertical-align: top; border-bottom: 1px solid var(--rule); }
        th { font-weight: 600; }
        th[scope=row], [data-table^=environment] td, [data-table=definitions-data] td, [data-table=outcomes-data] td
          { text-align: left; }
        th[scope=col] { color: var(--soft); }
        th[scope=col]:first-child, [data-table^=environment] th, [data-table=definitions-data] th, [data-table=outcomes-data] th
          { text-align: left; }
        .ranking { width: 100%; }
        .ranking td { font-weight: 600; }
        .ranking small { display: block; font-weight: 400; color: var(--soft); white-space: nowrap; }
        .figures { width: 100%; }
        .figures td { white-space: nowrap; }
        .figures th { font-weight: 400; }
        .figures .value { font-weight: 700; }
        .figures td:nth-child(3), .figures .interval { text-align: left; color: var(--soft); }
        .figures .interval { white-space: normal; }
        .figures th, .figures td { padding-right: 0.4rem; } .figures .interval { padding-right: 0; }
        details.data { margin: 0.25rem 0 0.5rem; }
        summary { cursor: pointer; color: var(--accent); }
        details .scroll { max-height: 30rem; overflow-y: auto; }
        footer { border-top: 2px solid var(--rule); margin-top: 2rem; padding-top: 0.5rem; font-size: 0.9rem; }

        @media (max-width: 46rem) {
          .verdict { grid-template-columns: 1fr; }
          .bars li { grid-template-columns: 1fr; padding: 0.4rem 0; }
        }
        @media print {
          nav, .skip, #playground, details.data { display: none; }
          .scroll { overflow: visible; }
          figure, .card, .verdict, .bars li { break-inside: avoid; }
        }

        """#

    private static let charts = #"""
        .figures-grid, #gaps { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(33rem, 100%), 1fr)); }
        .figures-grid { gap: 2rem; }
        figure { margin: 0; min-width: 0; }
        figure.wide { grid-column: 1 / -1; }
        figcaption p { font-size: 0.9rem; }
        .chart { display: block; width: 100%; min-width: 33rem; height: auto; font: 12.5px system-ui, sans-serif; }
        .wide .chart { min-width: 62rem; }
        #gaps { gap: 0.5rem 2rem; }
        #gaps figcaption, #gaps details { grid-column: 1 / -1; }
        #gaps .chart { min-width: 33rem; }
        .chart text { fill: var(--ink); }
        .chart .label, .chart .faint { fill: var(--soft); }
        .chart .name { font-weight: 600; }
        .chart .faint { font-size: 11px; }
        .grid { stroke: var(--rule); stroke-width: 1; fill: none; }
        .frame { stroke: var(--soft); fill: none; }
        .line { stroke: var(--c); stroke-width: 2; fill: none; stroke-linejoin: round; }
        .line.beyond { stroke-width: 1; stroke-dasharray: 1 3; }
        .band { fill: var(--c); fill-opacity: 0.18; stroke: none; }
        .mark { fill: var(--c); stroke: var(--c); stroke-width: 1.2; }
        .mark.cross, .mark.plus { fill: none; stroke-width: 2; }
        .mark.ring { fill: var(--ground); stroke-width: 1.6; }
        .mark.dots { fill-opacity: 0.55; }
        .mark.idle { stroke: var(--soft); }
        .whisker { stroke: var(--c); stroke-width: 1.5; opacity: 0.7; }
        .limit { stroke: var(--bad); stroke-width: 1.5; stroke-dasharray: 6 4; }
        .chart .limit-name, .chart .failure-name, .chart .stall-name { fill: var(--bad); font-weight: 600; }
        .limit-name { paint-order: stroke; stroke: var(--ground); stroke-width: 4px; stroke-linejoin: round; }
        .failure { stroke: var(--bad); stroke-width: 2; fill: none; }
        .warmup { fill: var(--rule); fill-opacity: 0.35; }
        .phase.queue { fill: none; stroke: var(--soft); }
        .phase.connection { fill: var(--soft); }
        .phase.wait { fill: var(--wait); }
        .phase.tail { fill: var(--soft); }
        .phase.stream { fill: var(--c, var(--accent)); fill-opacity: 0.25; }
        .phase.stall { fill: var(--ground); stroke: var(--bad); stroke-width: 1.5; }
        .read { stroke: var(--ink); stroke-width: 0.8; opacity: 0.75; }
        .raster { stroke: var(--c); stroke-width: 4.4; fill: none; }
        .cell { fill: var(--c); }
        .h0 { fill-opacity: 0.16; } .h1 { fill-opacity: 0.34; } .h2 { fill-opacity: 0.54; } .h3 { fill-opacity: 0.76; }
        .cross-hair { stroke: var(--ink); stroke-width: 1; stroke-dasharray: 2 2; }
        .readout { min-height: 1.5em; font-size: 0.9rem; font-variant-numeric: tabular-nums; }

        """#

    private static let playground = #"""
        .scripted .without-script { display: none; }
        .controls { display: flex; flex-wrap: wrap; gap: 0.5rem 0.9rem; align-items: center; position: sticky; top: 0;
          background: var(--ground); padding: 0.5rem 0; z-index: 1; }
        button, select { font: inherit; color: var(--ink); background: var(--raised); border: 1px solid var(--soft);
          border-radius: 0.3rem; padding: 0.3rem 0.7rem; min-height: 2.2rem; max-width: 100%; }
        button.play { background: var(--accent); color: var(--ground); border-color: var(--accent); font-weight: 700;
          min-width: 6rem; }
        .scrub { flex: 1 1 14rem; min-width: 8rem; accent-color: var(--accent); }
        .clock { font-variant-numeric: tabular-nums; min-width: 9rem; }
        .panes { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); gap: 1rem; }
        .pane { background: var(--raised); border-top: 0.3rem solid var(--c, var(--rule)); padding: 0.6rem 0.8rem; min-width: 0; }
        .pane.whole { border-top-style: double; }
        .pane-head { display: flex; gap: 0.5rem; align-items: end; justify-content: space-between; }
        .pane-head label { min-width: 0; flex: 1; font-size: 0.85rem; color: var(--soft); }
        .pane-head select { display: block; width: 100%; }
        .state { font-weight: 700; font-variant-numeric: tabular-nums; min-height: 1.5em; }
        .stalled .state, .broken .state { color: var(--bad); }
        .strip { display: block; width: 100%; height: 3.6rem; }
        .strip text { font: 11px system-ui, sans-serif; fill: var(--soft); }
        .strip .tick { stroke: var(--c, var(--accent)); stroke-width: 1; }
        .strip .burst { stroke: var(--c, var(--accent)); stroke-width: 3; }
        .strip .wait { fill: var(--wait); }
        .strip .stop { fill: none; stroke: var(--bad); stroke-width: 1.5; }
        .strip .bad { fill: var(--bad); font-weight: 600; }
        .strip .head { stroke: var(--ink); stroke-width: 1.5; }
        .answer { height: 12rem; overflow-y: auto; overflow-wrap: anywhere; white-space: pre-wrap; unicode-bidi: isolate;
          background: var(--ground); padding: 0.5rem; border: 1px solid var(--rule); line-height: 1.45; contain: content; }
        .answer .r { color: var(--soft); font-style: italic; }
        ::highlight(read) { background: color-mix(in srgb, var(--accent) 25%, transparent); }
        .counts, .paint { font-size: 0.85rem; color: var(--soft); font-variant-numeric: tabular-nums; }
        """# + "\n"
}
