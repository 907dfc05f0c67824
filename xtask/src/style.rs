//! One style sheet out of `style/main.css` and everything it imports, minified.

use anyhow::{Context, Result, anyhow};
use lightningcss::{
    bundler::{Bundler, FileProvider},
    printer::PrinterOptions,
    stylesheet::{MinifyOptions, ParserOptions},
};
use std::path::Path;

/// Modern CSS is kept as written: no targets are set, since the console supports evergreen browsers only and a
/// lowered `light-dark()` or nesting would cost bytes in all of them.
pub fn bundle(entry: &Path) -> Result<String> {
    let files = FileProvider::new();
    let mut bundler = Bundler::new(&files, None, ParserOptions::default());
    // The errors borrow from `files`; as text they can leave.
    let mut sheet = bundler
        .bundle(entry)
        .map_err(|fault| anyhow!("{fault}"))
        .with_context(|| format!("style sheet {}", entry.display()))?;
    sheet
        .minify(MinifyOptions::default())
        .map_err(|fault| anyhow!("{fault}"))?;
    let printed = sheet.to_css(PrinterOptions {
        minify: true,
        ..Default::default()
    });
    Ok(printed.map_err(|fault| anyhow!("{fault}"))?.code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn imports_are_inlined_in_their_layer_and_a_wrong_one_is_named() {
        let folder = std::env::temp_dir().join(format!("homing-style-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let entry = folder.join("main.css");
        fs::write(
            &entry,
            "@layer tokens, ui;\n@import 'tokens.css' layer(tokens);\n@layer ui { a { color: var(--ink) } }\n",
        )
        .unwrap();
        fs::write(folder.join("tokens.css"), ":root { --ink: light-dark(black, white) }").unwrap();
        let css = bundle(&entry).unwrap();
        assert!(css.contains("@layer tokens{:root{--ink:light-dark("), "{css}");
        assert!(!css.contains("@import"), "{css}");

        fs::remove_file(folder.join("tokens.css")).unwrap();
        let fault = format!("{:#}", bundle(&entry).unwrap_err());
        assert!(fault.contains("tokens.css") || fault.contains("main.css"), "{fault}");
        fs::remove_dir_all(folder).unwrap();
    }
}
