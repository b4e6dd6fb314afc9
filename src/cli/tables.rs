//! `--all-tables`: each table of a command as a file of one folder.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::faults::fault;
use anyhow::{Context, bail};
use serde_json::{Value, json};
use verbund::disk::WholeFolder;
use verbund::report::render::{Format, Style, TEXT_WIDTH};
use verbund::report::{Document, Section};

/// What the folder is about, and which files of it are ours.
const ABOUT: &str = "about.json";

/// Checks, before a long run, that the folder could be written.
pub(super) fn check(folder: &Path, command: &str) -> anyhow::Result<()> {
    let parent = parent_of(folder);
    if !parent.is_dir() {
        bail!(fault!(
            "--all-tables {folder}: there is no folder {parent}",
            folder = folder.display(),
            parent = parent.display()
        ));
    }
    refuse_other(folder, command)
}

/// Writes the tables of documents into a folder, all or none.
pub(super) fn write(
    folder: &Path,
    command: &str,
    format: Format,
    documents: &[Document],
) -> anyhow::Result<()> {
    write_whole(folder, command, format, documents)
        .with_context(|| format!("--all-tables {}", folder.display()))
}

fn write_whole(
    folder: &Path,
    command: &str,
    format: Format,
    documents: &[Document],
) -> anyhow::Result<()> {
    let draft = WholeFolder::create(folder)?;
    let mut files = Vec::new();
    let mut names = BTreeSet::new();
    for (position, document) in documents.iter().enumerate() {
        for section in &document.sections {
            if is_left_out(format, document, section) {
                continue;
            }
            let bytes = bytes_of(format, document, section)?;
            let stem = if documents.len() > 1 {
                format!("{}-{}", position + 1, section.key)
            } else {
                section.key.to_owned()
            };
            let mut name = format!("{stem}.{}", format.extension());
            let mut number = 1;
            while !names.insert(name.clone()) {
                number += 1;
                name = format!("{stem}-{number}.{}", format.extension());
            }
            fs::write(draft.path().join(&name), bytes)?;
            files.push(json!({
                "file": name,
                "title": document.title,
                "table": section.key,
                "heading": section.heading,
                "notes": section.notes,
            }));
        }
    }
    if files.is_empty() {
        bail!(fault!("no table of this result has places, hospitals or cooperations as rows"));
    }

    let mut about = serde_json::Map::new();
    for (key, value) in documents.iter().flat_map(|document| &document.about) {
        about.entry(*key).or_insert_with(|| value.to_string().into());
    }
    let text =
        json!({ "written_by": "verbund", "command": command, "about": about, "files": files });
    fs::write(draft.path().join(ABOUT), format!("{text:#}\n"))?;
    replace(draft, folder, command)
}

/// Whether the format has no room for a table of a document.
fn is_left_out(format: Format, document: &Document, section: &Section) -> bool {
    let left_out = format.leaves_out(std::slice::from_ref(document));
    // The same table, not an equal one: two tables of a document may read alike.
    left_out.iter().any(|table| std::ptr::eq(*table, section))
}

/// One table of a document as a file.
fn bytes_of(format: Format, document: &Document, section: &Section) -> anyhow::Result<Vec<u8>> {
    let mut alone = document.clone();
    alone.sections = vec![section.clone()];
    format.bytes(&[alone], TEXT_WIDTH, Style::default()).map_err(|_| {
        fault!("the table \"{section}\" cannot be written in this format", section = section.key)
    })
}

/// Gives the draft its name. What the same command wrote there before stands aside until then, and comes back if it
/// fails.
fn replace(draft: WholeFolder, folder: &Path, command: &str) -> anyhow::Result<()> {
    refuse_other(folder, command)?;
    if !folder.is_dir() {
        return Ok(draft.finish()?);
    }
    // Beside the folder, so that renaming stays on one disk and is done at once.
    let aside = tempfile::Builder::new().prefix(".verbund-").tempdir_in(parent_of(folder))?;
    let old = aside.path().join("old");
    fs::rename(folder, &old)?;
    if let Err(error) = draft.finish() {
        fs::rename(&old, folder)?;
        return Err(error.into());
    }
    Ok(())
}

/// Refuses a folder in which anything lies that this command did not write.
fn refuse_other(folder: &Path, command: &str) -> anyhow::Result<()> {
    let shown = folder.display();
    if fs::symlink_metadata(folder).is_err() {
        return Ok(());
    }
    if !folder.is_dir() || folder.is_symlink() {
        bail!(fault!("--all-tables {shown}: this is no folder; take another name", shown));
    }
    let written = files_of(folder, command);
    for entry in fs::read_dir(folder).with_context(|| format!("--all-tables {shown}"))? {
        let name = entry?.file_name();
        let is_ours = name.to_str().is_some_and(|name| written.contains(name));
        if !is_ours {
            bail!(fault!(
                "--all-tables {shown}: there is {new}, which `verbund {command} --all-tables` did not write; take an empty or a \
                 new folder",
                shown,
                new = Path::new(&name).display(),
                command
            ));
        }
    }
    Ok(())
}

/// The files that this command wrote into a folder; none where it wrote none.
fn files_of(folder: &Path, command: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let Ok(text) = fs::read_to_string(folder.join(ABOUT)) else { return names };
    let Ok(about) = serde_json::from_str::<Value>(&text) else { return names };
    if about["written_by"] != "verbund" || about["command"] != command {
        return names;
    }
    names.insert(ABOUT.to_owned());
    for file in about["files"].as_array().into_iter().flatten() {
        if let Some(name) = file["file"].as_str() {
            names.insert(name.to_owned());
        }
    }
    names
}

fn parent_of(folder: &Path) -> PathBuf {
    match folder.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}
