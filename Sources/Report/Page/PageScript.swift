/// The page's program, from its parts; strict, in a scope of its own.
enum PageScript {
    static let text = "'use strict';\n(() => {\n" + stream + player + pane + controls + readout + start + "})();\n"
}
