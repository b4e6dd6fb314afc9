//! One sentence of finding a question: those of the report.

use crate::model::{Catalog, Network, Pathway, Standard};
use crate::overview::Overview;
use crate::page::PageChange;
use crate::page::markup::{escaped, name};
use crate::page::text::fill;
use crate::report::{Cell, Document, Question, Section, findings};
use crate::words;

/// The questions of a page. Agreements and alliances are on its map, and what is assumed has a section of its own.
const QUESTIONS: [Question; 6] = [
    Question::Coverage,
    Question::Pathways,
    Question::Failures,
    Question::Beds,
    Question::Law,
    Question::Cooperations,
];

/// The findings as items of a list, in the order of the questions.
pub(super) fn list(overview: &Overview, change: Option<&PageChange>) -> String {
    let mut sentences = Vec::new();
    sentences.extend(change.map(PageChange::finding));
    for finding in findings(overview) {
        if QUESTIONS.contains(&finding.question) {
            sentences.push(finding.sentence);
        }
    }

    let mut items = String::new();
    for sentence in sentences {
        // The words before the colon name the question: whoever skims reads those.
        let (question, finding) = sentence.split_once(": ").unwrap_or(("", &sentence));
        items.push_str(&format!("<li><b>{}:</b> {}</li>\n", escaped(question), escaped(finding)));
    }
    items
}

/// What a kind of cooperation is called: in German by the table of words, in English its key in words of their own.
pub(super) fn kind_in_print(kind: &str) -> String {
    let said = words::of(kind);
    if said != kind {
        return said.into_owned();
    }
    let mut words = String::with_capacity(kind.len() + 4);
    for letter in kind.chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    words
}

/// What a standard is called in the language in force.
pub(super) fn called(standard: &Standard) -> String {
    name(words::name_of(&standard.name, &standard.name_de))
}

/// What a care pathway is called in the language in force.
pub(super) fn pathway_name(pathway: &Pathway) -> String {
    name(words::name_of(&pathway.name, &pathway.name_de))
}

/// What a specialty, field or facility is called in the language in force; its key where the catalog has none.
pub(super) fn name_in_catalog(catalog: &Catalog, key: &str) -> String {
    name(catalog.name_in_print(key))
}

/// The name of the standard of a key.
pub(super) fn standard_name(network: &Network, key: &str) -> String {
    network.catalog().standard(key).map_or_else(|| key.to_owned(), called)
}

/// Hours of seconds, as the report prints them.
pub(super) fn hours(seconds: f64) -> String {
    Cell::number(seconds / 3600.0, 1).display()
}

/// A section of the report.
pub(super) fn section<'d>(report: &'d Document, key: &str) -> Option<&'d Section> {
    report.sections.iter().find(|section| section.key == key)
}

/// A template with these values.
pub(super) fn filled(template: &str, values: &[(&str, String)]) -> String {
    let mut borrowed = Vec::with_capacity(values.len());
    for (key, value) in values {
        borrowed.push((*key, value.as_str()));
    }
    fill(template, &borrowed)
}
