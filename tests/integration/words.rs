//! The table of German texts: each text for people is in it, and it holds no other.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use verbund::files::Folder;
use verbund::overview::Overview;
use verbund::report::{self, COLUMNS, Cell};
use verbund::simulation::SETTINGS;
use verbund::words::{self, Language, in_language};
use verbund::{Region, said};

use crate::run::{run, verbund};

/// Where texts with values stand in the code.
const SAID: [&str; 3] = ["said!(", "fault!(", "message!("];

/// Where texts without values stand in the code and are looked up later; what says values uses `said!` and is
/// looked for everywhere.
const STATIC: [&str; 12] = [
    "Section::new(",
    "Document::new(",
    "Remark::from(",
    "Cell::word(",
    "words::of(",
    ".note(",
    ".in_words(",
    ".and(",
    ".push(",
    ".behind(",
    ".head(",
    "open(",
];

/// A string literal of the code: what it says, and the code behind it.
fn literal(code: &str) -> Option<(String, &str)> {
    let rest = code.trim_start().strip_prefix('"')?;
    let mut text = String::new();
    let mut letters = rest.char_indices();
    while let Some((index, letter)) = letters.next() {
        match letter {
            '"' => return Some((text, &rest[index + 1..])),
            '\\' => match letters.next()?.1 {
                'n' => text.push('\n'),
                '\n' => {
                    // A literal that goes on in the next line leaves out the blanks there.
                    let behind = letters.as_str().trim_start();
                    let gone = letters.as_str().len() - behind.len();
                    for _ in 0..letters.as_str()[..gone].chars().count() {
                        letters.next();
                    }
                }
                'u' => {
                    let code: String =
                        letters.by_ref().map(|(_, c)| c).take_while(|c| *c != '}').collect();
                    let number = u32::from_str_radix(code.trim_start_matches('{'), 16).ok()?;
                    text.push(char::from_u32(number)?);
                }
                escaped => text.push(escaped),
            },
            letter => text.push(letter),
        }
    }
    None
}

/// The code of the library and of the program without comments and tests, by file.
fn sources() -> BTreeMap<String, String> {
    fn visit(folder: &Path, root: &Path, sources: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                visit(&path, root, sources);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
                let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
                let code = lines.collect::<Vec<_>>().join("\n");
                let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
                sources.insert(name, code);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut sources = BTreeMap::new();
    visit(&root, &root, &mut sources);
    sources
}

/// The first literals behind these words of the code, with what stands behind each.
fn said_behind<'c>(code: &'c str, words: &str) -> Vec<(String, &'c str)> {
    let mut found = Vec::new();
    for (start, _) in code.match_indices(words) {
        let mut rest = &code[start + words.len()..];
        // The key of a section and the column of a heading stand before what people read.
        if ["Section::new(", ".head("].contains(&words) {
            let Some((_, behind)) = rest.split_once(',') else { continue };
            rest = behind;
        }
        found.extend(literal(rest));
    }
    found
}

/// The names in the braces of a template, sorted.
fn names(template: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for part in template.split('{').skip(1) {
        names.insert(part.split('}').next().unwrap_or_default().to_owned());
    }
    names
}

fn has_letters(text: &str) -> bool {
    let mut bare = text.to_owned();
    for name in names(text) {
        bare = bare.replace(&format!("{{{name}}}"), "");
    }
    bare.contains(char::is_alphabetic)
}

/// Every text that the code says to people, with a file that says it.
fn said_in_code() -> BTreeMap<String, String> {
    let mut said = BTreeMap::new();
    for (file, code) in sources() {
        for place in SAID {
            for (text, _) in said_behind(&code, place) {
                said.insert(text.trim().to_owned(), file.clone());
            }
        }
        // What a document rests on is named by keys, which are told as words; some in a context.
        for (key, _) in
            said_behind(&code, ".about(").into_iter().chain(said_behind(&code, "head.push(("))
        {
            said.insert(key.replace('_', " "), file.clone());
        }
        let is_told = file.starts_with("report/");
        for place in STATIC {
            // Elsewhere these are calls of other things.
            if is_told || place == "words::of(" {
                for (text, _) in said_behind(&code, place) {
                    said.insert(text.trim().to_owned(), file.clone());
                }
            }
        }
    }
    said.retain(|text, _| has_letters(text));
    said
}

fn german() -> BTreeMap<String, String> {
    words::entries().into_iter().collect()
}

/// Fails with all of these lines.
fn expect_none(what: &str, lines: &[String]) {
    assert!(lines.is_empty(), "{} {what}:\n{}", lines.len(), lines.join("\n"));
}

#[test]
fn every_text_of_the_code_has_its_german() {
    let german = german();
    let mut missing = Vec::new();
    for (text, file) in said_in_code() {
        let has = |text: &str| german.get(text).is_some_and(|german| !german.is_empty());
        if !has(&text) && !has(&format!("{text} [about]")) {
            missing.push(format!("{file}: {text:?}"));
        }
    }
    expect_none("texts have no German", &missing);
}

#[test]
fn every_text_of_pages_and_pictures_has_its_german() {
    let (german, sources) = (german(), sources());
    let mut missing = Vec::new();
    for file in ["page/text.rs", "plot/text.rs"] {
        let code = &sources[file];
        let mut rest = code.as_str();
        while let Some((before, _)) = rest.split_once('"') {
            let (text, behind) = literal(&rest[before.len()..]).unwrap();
            rest = behind;
            // What opens a pair is its key.
            let is_key = before.trim_end().ends_with('(');
            let text = text.trim();
            if !is_key && has_letters(text) && german.get(text).is_none_or(String::is_empty) {
                missing.push(format!("{file}: {text:?}"));
            }
        }
    }
    expect_none("texts have no German", &missing);
}

#[test]
fn every_heading_of_a_column_has_its_german() {
    let german = german();
    let mut missing = BTreeSet::new();
    for column in COLUMNS {
        // A rule adds a line to a heading, which has its own entry.
        let heading = column.heading();
        let rule = ["\nbefore", "\nafter", ",\nfree", ",\nnearest", ",\nbypass", ",\ncentre"];
        let heading = rule.iter().find_map(|rule| heading.strip_suffix(rule)).unwrap_or(&heading);
        let is_there = german.contains_key(heading) || german.contains_key(&*column.heading());
        if has_letters(heading) && !is_there {
            missing.insert(format!("{}: {heading:?}", column.key()));
        }
    }
    expect_none("headings have no German", &missing.into_iter().collect::<Vec<_>>());
}

#[test]
fn every_meaning_of_a_column_has_its_german() {
    let mut missing = Vec::new();
    for column in COLUMNS {
        let english = column.meaning();
        let german = in_language(Language::German, || column.meaning());
        if german == english {
            missing.push(format!("{}: {english:?}", column.key()));
        }
    }
    expect_none("meanings have no German", &missing);
}

#[test]
fn every_setting_and_indicator_has_its_german() {
    let german = german();
    let mut texts: BTreeSet<String> = BTreeSet::new();
    for setting in SETTINGS {
        texts.extend([setting.what, setting.unit, setting.source].map(str::to_owned));
    }
    // What the network gives of members is told in a dictionary of its own.
    let code = &sources()["alliance/computed.rs"];
    for (start, _) in code.match_indices("Described::new(") {
        let arguments = code[start..].split(");").next().unwrap_or_default();
        let texts_of = arguments.match_indices('"').filter_map(|(at, _)| literal(&arguments[at..]));
        texts.extend(texts_of.map(|(text, _)| text).filter(|text| text.contains(' ')));
    }
    // Units of numbers have no name.
    texts.retain(|text| has_letters(text) && !["share", "cv", "factor"].contains(&text.as_str()));
    let missing: Vec<String> =
        texts.into_iter().filter(|text| !german.contains_key(text)).collect();
    expect_none("texts have no German", &missing);
}

#[test]
fn the_same_names_stand_in_braces_in_both_languages() {
    let mut wrong = Vec::new();
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for (english, german) in words::entries() {
        if german.is_empty() {
            wrong.push(format!("no German: {english:?}"));
        }
        if names(&english) != names(&german) {
            wrong.push(format!("other names: {english:?} = {german:?}"));
        }
        if let Some(before) = seen.insert(english.clone(), german.clone()) {
            wrong.push(format!("twice: {english:?} = {before:?}, {german:?}"));
        }
    }
    expect_none("entries are wrong", &wrong);
}

/// Help of commands and flags: paragraphs of their documentation, without the full stop at the end, and what the parser
/// of flags says itself.
fn help() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut texts = BTreeSet::new();
    for name in sources().into_keys() {
        let code = fs::read_to_string(root.join(&name)).unwrap();
        let mut paragraph = String::new();
        for line in code.lines() {
            let words = line.trim_start().strip_prefix("///").unwrap_or_default().trim();
            if words.is_empty() {
                texts.insert(paragraph.trim_end_matches('.').to_owned());
                paragraph.clear();
            } else {
                paragraph.push_str(if paragraph.is_empty() { "" } else { " " });
                paragraph.push_str(words);
            }
        }
    }
    texts.extend(PARSER.map(str::to_owned));
    texts
}

/// What the parser of flags says.
const PARSER: [&str; 16] = [
    "Print help",
    "Print help (see more with '--help')",
    "Print help (see a summary with '-h')",
    "Print version",
    "Print this message or the help of the given subcommand(s)",
    "invalid digit found in string",
    "invalid float literal",
    "cannot parse integer from empty string",
    "number too large to fit in target type",
    // Names of values that follow the names of fields.
    "BY",
    "DURING",
    "FORMAT",
    "RANK",
    "TITLE",
    "LIST",
    "SHELL",
];

#[test]
fn every_entry_is_said_by_the_code() {
    let mut code = String::new();
    for text in sources().into_values() {
        // Literals that go on in the next line, as one.
        code.push_str(&text);
    }
    let mut literals = BTreeSet::new();
    for (start, _) in code.match_indices('"') {
        if let Some((text, _)) = literal(&code[start..]) {
            literals.insert(text.trim().to_owned());
            // Keys of what a document is about are told as words.
            literals.insert(text.replace('_', " "));
            // What a fault is in has keys in quotation marks, and words around them.
            literals.extend(text.split('"').map(|part| part.trim().to_owned()));
            // Help is told by paragraphs, without the full stop at the end of each.
            for paragraph in text.split("\n\n") {
                literals.insert(paragraph.trim_end_matches('.').to_owned());
            }
        }
    }
    literals.extend(help());
    // Names of the catalog that comes with the crate.
    let catalog = Path::new(env!("CARGO_MANIFEST_DIR")).join("networks/catalog");
    for file in fs::read_dir(catalog).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        literals.extend(text.split('"').map(str::to_owned));
    }
    let mut unsaid = Vec::new();
    for (english, _) in words::entries() {
        // A context is the key of what has several meanings.
        let context = english.strip_suffix(']').and_then(|text| text.rsplit_once(" ["));
        let text = context.map_or(english.as_str(), |(text, _)| text);
        // Names of enumerations, such as `PublicLaw`, are told as words.
        let is_name = !text.contains(' ') && code.contains(text);
        if !literals.contains(text) && !literals.contains(&english) && !is_name {
            unsaid.push(format!("{english:?}"));
        }
    }
    expect_none("entries are said by nothing", &unsaid);
}

#[test]
fn values_of_a_sentence_are_all_told_to_it() {
    // A variable in braces that is not behind the sentence would be there in English only.
    let mut wrong = Vec::new();
    for (file, code) in sources() {
        for (text, behind) in SAID.iter().flat_map(|place| said_behind(&code, place)) {
            for name in names(&text) {
                let is_told = [",", "\n", " "].iter().any(|before| {
                    [",", ")", " =", "\n"]
                        .iter()
                        .any(|after| behind.contains(&format!("{before}{name}{after}")))
                });
                if !is_told {
                    wrong.push(format!("{file}: {{{name}}} of {text:?}"));
                }
            }
        }
    }
    expect_none("names have no value", &wrong);
}

#[test]
fn nothing_that_the_report_looks_up_lacks_its_german() {
    let model = Folder::small().read().unwrap();
    let region = Region::new(&model, model.network.date()).unwrap();
    let overview = Overview::of(&model, &region).unwrap();
    let missing = in_language(Language::German, || {
        words::untranslated(|| {
            let document = report::overview(&overview);
            report::render::text(&document, 110, report::render::Style::default());
        })
    });
    // Only what stands in the code of the report is its text; the rest are names of the network.
    let code: String = sources().into_values().collect();
    let mut lines = Vec::new();
    for text in missing {
        if code.contains(&format!("\"{text}\"")) {
            lines.push(format!("{text:?}"));
        }
    }
    expect_none("texts have no German", &lines);
}

#[test]
fn a_document_keeps_the_language_that_it_was_laid_out_in() {
    let region = Region::leipzig().unwrap();
    let document = in_language(Language::German, || report::list_standards(&region));
    let german = report::render::markdown(&document);
    assert_eq!(in_language(Language::English, || report::render::markdown(&document)), german);
    assert_eq!(document.language(), Language::German);
}

#[test]
fn threads_speak_the_language_of_the_process() {
    let other = in_language(Language::German, || {
        std::thread::spawn(|| Cell::share(0.5).display()).join().unwrap()
    });
    assert_eq!(other, "50.0 %");
}

#[test]
fn sentences_are_said_in_the_language_in_force() {
    let left_out = || said!("{count} more columns do not fit ({names})", count = 2, names = "x");
    assert_eq!(left_out(), "2 more columns do not fit (x)");
    assert_eq!(in_language(Language::German, left_out), "2 weitere Spalten haben keinen Platz (x)");
}

#[test]
fn the_program_speaks_as_it_is_asked_to_or_as_the_system_is_set() {
    let table = |arguments: &[&str], variables: &[(&str, &str)]| {
        let mut command = verbund(&[&["coverage", "--network", "small"], arguments].concat());
        command.env_remove("LC_ALL").env_remove("LC_MESSAGES").env("LANG", "C");
        run_with(command, variables)
    };
    let english = table(&[], &[]);
    let german = table(&["--lang", "de"], &[]);
    assert_ne!(english, german);
    assert_eq!(table(&[], &[("LANG", "de_DE.UTF-8")]), german);
    assert_eq!(table(&["--lang", "en"], &[("LANG", "de_DE.UTF-8")]), english);
    assert_eq!(table(&[], &[("LANG", "de_DE"), ("LC_MESSAGES", "en_GB")]), english);
    assert_eq!(table(&[], &[("LANG", "en_GB"), ("LC_ALL", "de_AT")]), german);
    assert_eq!(table(&[], &[("LANG", "de_DE"), ("LC_ALL", "")]), german);
    assert_eq!(table(&[], &[("LANG", "fr_FR.UTF-8")]), english);

    let tables = |language| {
        let json = table(&["--lang", language, "--format", "json"], &[]);
        serde_json::from_str::<serde_json::Value>(&json).unwrap()["tables"].clone()
    };
    assert_eq!(tables("de"), tables("en"));
    let (code, _, error) = run(verbund(&["coverage", "--lang", "fr"]));
    assert_eq!(code, 2);
    assert!(error.contains("possible values: de, en"), "{error}");

    let json = table(&["--lang", "de", "--format", "json"], &[]);
    assert_eq!(json, table(&["--format", "json"], &[]), "what programs read is English");
}

fn run_with(mut command: assert_cmd::Command, variables: &[(&str, &str)]) -> String {
    let (code, out, error) = run({
        command.envs(variables.iter().copied());
        command
    });
    assert_eq!(code, 0, "{error}");
    out
}
