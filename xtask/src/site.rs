//! Puts the site together: `target/site` with `pkg/homing.<hash>.{js,wasm,css}`, the assets, and their compressed copies.
//!
//! The server finds the names in `manifest.json`. `hash.txt` says the same in the form that Leptos reads
//! (`LeptosOptions::hash_file`, given as an absolute path, with `hash_files` on and `output_name` "homing").

use crate::{
    compress::{self, Effort},
    freshness::{Fingerprint, Part, files_below},
    style,
    wasm::{self, Profile},
    workspace::Workspace,
};
use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};
use std::{collections::BTreeSet, fmt::Write, fs, path::Path, time::Instant};

/// Largest wasm after brotli, in bytes (docs/operations.md, budgets). Checked on release builds only: others keep names
/// and checks that nobody downloads.
const WASM_BUDGET: u64 = 350_000;

/// What a release is refused beyond, in bytes, until the budget is kept (docs/decisions/0004): it may shrink, never grow.
const WASM_CEILING: u64 = 380_000;

/// Builds what is out of date. One call at a time: a second one waits for the first and then finds nothing to do.
pub fn build(workspace: &Workspace, profile: Profile) -> Result<()> {
    let started = Instant::now();
    fs::create_dir_all(workspace.front())?;
    let only_one = fs::File::create(workspace.front().join("site.lock"))?;
    only_one.lock().context("waiting for another `cargo xtask build`")?;

    let site = Site { workspace, profile };
    let wasm = site.wasm()?;
    let css = site.style()?;
    let assets = site.assets()?;
    site.announce(&wasm, &css)?;
    site.sweep([wasm, css, assets].concat())?;
    site.check_budget()?;
    println!(
        "site: {} is up to date ({}, {:.1} s)",
        workspace.short(&workspace.site()),
        profile.name(),
        started.elapsed().as_secs_f32()
    );
    Ok(())
}

struct Site<'a> {
    workspace: &'a Workspace,
    profile: Profile,
}

impl Site<'_> {
    fn part(&self, name: &str) -> Part {
        Part {
            site: self.workspace.site(),
            record: self.workspace.front().join("site-parts").join(name),
        }
    }

    fn effort(&self) -> Effort {
        match self.profile {
            Profile::Dev => Effort::Quick,
            Profile::Release => Effort::Best,
        }
    }

    fn wasm(&self) -> Result<Vec<String>> {
        let module = wasm::compile(self.workspace, self.profile)?;
        self.part("wasm")
            .keep_or(&wasm::fingerprint(&module, self.profile)?, || {
                println!("site: wasm-bindgen");
                let bound = wasm::bind(&module, self.profile, &self.workspace.front().join("bindgen"))?;
                let mut outputs = vec![self.hashed("js", &bound.js)?, self.hashed("wasm", &bound.wasm)?];
                for (path, content) in bound.snippets {
                    // Crates name these after themselves and their version's hash already.
                    outputs.push(self.put(&format!("pkg/{path}"), &content)?);
                }
                Ok(outputs)
            })
    }

    fn style(&self) -> Result<Vec<String>> {
        let folder = self.workspace.root().join("style");
        let sheets = files_below(&folder)?
            .into_iter()
            .filter(|path| path.extension().is_some_and(|kind| kind == "css"));
        let inputs = Fingerprint::of_this_program()?
            .setting(self.profile.name())
            .files(&sheets.collect::<Vec<_>>())?;
        self.part("style").keep_or(&inputs, || {
            println!("site: style sheet");
            let css = style::bundle(&folder.join("main.css"))?;
            Ok(vec![self.hashed("css", css.as_bytes())?])
        })
    }

    /// Files whose names are part of the outside world (favicon, robots.txt), copied as they are.
    fn assets(&self) -> Result<Vec<String>> {
        let folder = self.workspace.root().join("style/assets");
        let files = files_below(&folder)?;
        let inputs = Fingerprint::of_this_program()?
            .setting(self.profile.name())
            .files(&files)?;
        self.part("assets").keep_or(&inputs, || {
            let copied = files.iter().map(|file| {
                let name = file.strip_prefix(&folder)?.to_string_lossy();
                ensure!(
                    !name.starts_with("pkg/"),
                    "style/assets/{name}: `pkg` is for built files"
                );
                self.put(&name, &fs::read(file)?)
            });
            copied.collect()
        })
    }

    /// Writes `pkg/homing.<hash>.<kind>`. The hash names the content, so the server may let browsers keep it for ever.
    fn hashed(&self, kind: &str, content: &[u8]) -> Result<String> {
        let hash = hex_start(&Sha256::digest(content));
        self.put(&format!("pkg/homing.{hash}.{kind}"), content)
    }

    fn put(&self, name: &str, content: &[u8]) -> Result<String> {
        let path = self.workspace.site().join(name);
        compress::write_whole(&path, content)?;
        if compress::pays_off(&path) {
            let small = compress::beside(&path, content, self.effort())?;
            println!("site: {name} {} kB, brotli {} kB", content.len() / 1000, small / 1000);
        }
        Ok(name.to_owned())
    }

    /// Last, when everything they name is in place.
    fn announce(&self, wasm: &[String], css: &[String]) -> Result<()> {
        let names = Names {
            js: built(wasm, "js")?,
            wasm: built(wasm, "wasm")?,
            css: built(css, "css")?,
        };
        let site = self.workspace.site();
        write_if_different(&site.join("manifest.json"), &names.manifest())?;
        write_if_different(&site.join("hash.txt"), &names.hash_file()?)
    }

    /// Removes what earlier builds left.
    fn sweep(&self, outputs: Vec<String>) -> Result<()> {
        let site = self.workspace.site();
        let mut wanted: BTreeSet<_> = ["manifest.json", "hash.txt"].map(|name| site.join(name)).into();
        for output in outputs {
            let path = site.join(output);
            wanted.extend(["br", "gz"].map(|kind| compress::with_suffix(&path, kind)));
            wanted.insert(path);
        }
        for file in files_below(&site)? {
            if !wanted.contains(&file) {
                fs::remove_file(file)?;
            }
        }
        Ok(())
    }

    fn check_budget(&self) -> Result<()> {
        if self.profile == Profile::Dev {
            return Ok(());
        }
        for file in files_below(&self.workspace.site().join("pkg"))? {
            if file.to_string_lossy().ends_with(".wasm.br") {
                let size = fs::metadata(&file)?.len();
                let missed = if size > WASM_BUDGET { ", BUDGET MISSED" } else { "" };
                println!("site: wasm after brotli: {size} bytes of {WASM_BUDGET}{missed}");
                ensure!(
                    size <= WASM_CEILING,
                    "{}: {size} bytes after brotli; nothing above {WASM_CEILING} is released",
                    self.workspace.short(&file)
                );
            }
        }
        Ok(())
    }
}

/// The file names, below `pkg`, that a page refers to.
#[derive(Debug)]
struct Names {
    js: String,
    wasm: String,
    css: String,
}

impl Names {
    fn manifest(&self) -> String {
        format!(
            "{:#}\n",
            serde_json::json!({ "js": self.js, "wasm": self.wasm, "css": self.css })
        )
    }

    /// One `kind: hash` a line, as `HydrationScripts` and `HashedStylesheet` of leptos 0.8 read it.
    fn hash_file(&self) -> Result<String> {
        let mut lines = String::new();
        for (kind, name) in [("css", &self.css), ("js", &self.js), ("wasm", &self.wasm)] {
            let hash = name
                .split('.')
                .nth(1)
                .with_context(|| format!("{name} carries no hash"))?;
            writeln!(lines, "{kind}: {hash}")?;
        }
        Ok(lines)
    }
}

/// The one output named `pkg/homing.<hash>.<kind>`, without the folder.
fn built(outputs: &[String], kind: &str) -> Result<String> {
    let mut names = outputs.iter().filter_map(|output| output.strip_prefix("pkg/homing."));
    let name = names.find(|name| Path::new(name).extension().is_some_and(|ending| ending == kind));
    Ok(format!(
        "homing.{}",
        name.with_context(|| format!("the build produced no {kind}"))?
    ))
}

/// Eight bytes are plenty to tell builds apart.
fn hex_start(digest: &[u8]) -> String {
    digest.iter().take(8).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn write_if_different(path: &Path, text: &str) -> Result<()> {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    compress::write_whole(path, text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_are_announced_in_both_forms() {
        let outputs = ["pkg/homing.0a.js", "pkg/homing.1b.wasm", "pkg/snippets/x/inline0.js"].map(str::to_owned);
        let names = Names {
            js: built(&outputs, "js").unwrap(),
            wasm: built(&outputs, "wasm").unwrap(),
            css: "homing.2c.css".into(),
        };
        assert_eq!(names.hash_file().unwrap(), "css: 2c\njs: 0a\nwasm: 1b\n");
        let manifest: serde_json::Value = serde_json::from_str(&names.manifest()).unwrap();
        assert_eq!(manifest["js"], "homing.0a.js");
        assert_eq!(manifest["wasm"], "homing.1b.wasm");
        assert_eq!(manifest["css"], "homing.2c.css");
        assert!(built(&outputs, "css").is_err());
    }
}
