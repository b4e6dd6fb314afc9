//! What people and spreadsheets see: nothing acts on a terminal, no text is taken for a formula.

use std::fs;

use verbund::report::columns::{NAME, PEOPLE, PLACE, SHARE};
use verbund::report::render::{CsvDialect, csv};
use verbund::report::{Cell, Document, Section, Table};

use crate::outputs::copied;
use crate::run::{output, refused};

/// The small network in `net` of a new folder, with another name of a hospital and of a place.
fn named(hospital: &str, place: &str) -> tempfile::TempDir {
    let folder = copied();
    for (file, old, new) in
        [("network.ron", "Klinikum Nord", hospital), ("places.csv", "Adorf", place)]
    {
        let path = folder.path().join("net").join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(old));
        fs::write(path, text.replacen(old, new, 1)).unwrap();
    }
    folder
}

/// Whether a text holds nothing that acts on a terminal.
fn is_harmless(text: &str) -> bool {
    !text.chars().any(|letter| {
        (letter.is_control() && letter != '\n')
            || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}'..='\u{200f}')
    })
}

#[test]
fn names_never_reach_a_terminal_raw() {
    let hospital = "Klinik\\u{1b}[2J\\u{202e}Nord\\u{9b}31m";
    let folder = named(hospital, "Adorf\u{2066}\u{1b}]0;title\u{7}");
    let path = folder.path().join("net");
    let path = path.to_str().unwrap();
    let (code, ..) = output(&["check", "--network", path]);
    if code == 1 {
        // Names with control characters are refused when they are read.
        let (_, out, error) = output(&["check", "--network", path]);
        assert!(is_harmless(&out) && is_harmless(&error), "{out:?} {error:?}");
        return;
    }
    for command in [
        &["info", "north"][..],
        &["info", "--list", "hospitals"],
        &["info", "--list", "places"],
        &["coverage", "--by", "hospital"],
        &["coverage", "--by", "place"],
        &["flows", "--by", "place"],
        &["route", "--from", "nowhere", "--need", "ct"],
        &["info", "--list", "places", "--format", "json"],
        &["info", "--list", "hospitals", "--format", "json"],
    ] {
        let (_, out, error) = output(&[command, &["--network", path]].concat());
        assert!(is_harmless(&out) && is_harmless(&error), "{command:?}: {out:?} {error:?}");
    }
    let (_, out, _) = output(&["info", "north", "--network", path]);
    assert!(out.contains("\\u{1b}[2J\\u{202e}Nord\\u{9b}31m"), "{out}");
}

#[test]
fn typed_words_never_reach_a_terminal_raw() {
    let evil = "x\u{1b}[2J\u{202e}y";
    for arguments in [
        &["info", evil][..],
        &["coverage", evil],
        &["coverage", "--network", evil],
        &["compare", "--scenario", evil],
        &["report", "--output", "/nowhere/x\u{1b}[2J"],
        &["report", "--as-of", evil],
        &["simulate", "--figure", evil, "--until-half-width", "1"],
        // Said by the reader of the command line.
        &[evil],
        &["info", "--format", evil],
        &["report", evil],
    ] {
        let (code, out, error) = output(arguments);
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}");
        assert!(is_harmless(&error), "{arguments:?}: {error:?}");
        assert!(!error.is_empty());
    }
    refused(&["info", evil], &["\\u{1b}[2J\\u{202e}y"]);
}

#[test]
fn a_spreadsheet_takes_no_text_for_a_formula_and_every_number_for_one() {
    let names = ["=1+1", "+49", "-2+3", "@SUM(1)", "\tx", "\rx", "'quoted", "Köthen", "a;b"];
    let table = Table::of(names)
        .column(PLACE, |_| Cell::text("p"))
        .column(NAME, |name| Cell::text(*name))
        .column(PEOPLE, |_| Cell::count(1_234_567_u32))
        .column(SHARE, |_| Cell::number(-0.25, 2))
        .build();
    let document = Document::new("t").about("note", "=x").section(Section::new("t", "T", table));
    let rows =
        ["'=1+1", "'+49", "'-2+3", "'@SUM(1)", "'\tx", "\"'\rx\"", "'quoted", "Köthen", "\"a;b\""];
    let mut expected = "\u{feff}place;name;people;share;note\r\n".to_owned();
    for row in rows {
        expected.push_str(&format!("p;{row};1234567;-0,25;'=x\r\n"));
    }
    assert_eq!(csv(&document, CsvDialect::Excel).unwrap(), expected);
    // For programs, texts are as they are.
    let plain = csv(&document, CsvDialect::Plain).unwrap();
    assert!(plain.contains("p,=1+1,1234567,-0.25,=x\n"), "{plain}");
}

#[test]
fn the_program_writes_for_spreadsheets() {
    let folder = named("Klinikum Nord", "=1+1");
    let path = folder.path().join("net");
    let path = path.to_str().unwrap();
    let by_place = ["coverage", "basic_care", "--by", "place", "--network", path, "--format"];
    let (code, out, error) = output(&[&by_place[..], &["csv-excel"]].concat());
    assert_eq!((code, error.as_str()), (0, ""));
    assert!(out.starts_with("\u{feff}standard;place;"), "{out}");
    assert!(out.contains(";'=1+1;"), "{out}");
    let (_, plain, _) = output(&[&by_place[..], &["csv"]].concat());
    assert!(plain.contains(",=1+1,"), "{plain}");
    // Several sections, and the one table that some commands choose for CSV.
    let (code, out, _) = output(&["report", "--network", "small", "--format", "csv-excel"]);
    assert!(code == 0 && out.starts_with("\u{feff}section;row;key;value\r\n"), "{out}");
    let closures = ["closures", "--network", "small", "--standard", "basic_care", "--format"];
    let rows = |format: &str| {
        let (code, out, _) = output(&[&closures[..], &[format]].concat());
        assert_eq!(code, 0);
        out.lines().count()
    };
    assert_eq!(rows("csv-excel"), rows("csv"));
}
