//! Problems: every fault of an input at once, each with its place and a helping hand.

use crate::words;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ProblemKind {
    /// A file cannot be opened or read.
    Unreadable,
    /// A path or a link that leads out of where files may lie.
    Outside,
    /// A file is not UTF-8.
    Encoding,
    /// A file does not follow its notation.
    Syntax,
    /// The format number is not one that this version reads.
    Format,
    /// A field has a value of the wrong type or notation.
    Type,
    /// A field that does not exist.
    UnknownField,
    /// A field that must be there is not.
    Missing,
    /// A key that refers to nothing.
    Unknown,
    /// The same thing twice.
    Duplicate,
    /// A value out of its range.
    Range,
    /// Dates, bands or grades in the wrong order.
    Order,
    /// A row of a table with too few or too many columns.
    Columns,
    /// Values that contradict each other.
    Conflict,
}

/// One fault of an input.
///
/// Printed as `network.ron:12:5: hospital "nort", field parent: unknown hospital "noth"; expected
/// the key of a hospital; did you mean "north"?`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong.
    pub kind: ProblemKind,
    /// The file, relative to the network's folder; `None` for a network built in code.
    pub file: Option<String>,
    /// Line from 1, where known.
    pub line: Option<u32>,
    /// Column from 1, where known: in characters in RON, in fields in a table.
    pub column: Option<u32>,
    /// What it is in: `hospital "north"`; empty for the file as a whole.
    pub entity: String,
    /// The field; empty for the entity as a whole.
    pub field: String,
    /// What is wrong, in words, with the value.
    pub message: String,
    /// What was expected; empty when the message says it.
    pub expected: String,
    /// The closest existing key.
    pub closest: Option<String>,
}

impl fmt::Display for Problem {
    /// One line: characters that a terminal would obey are written as in `\u{1b}`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        if let Some(file) = &self.file {
            text.push_str(file);
            for number in [self.line, self.column].into_iter().flatten() {
                text.push_str(&format!(":{number}"));
            }
            text.push_str(": ");
        }
        let (entity, field) = (in_words(&cut(&self.entity)), cut(&self.field));
        match (entity.is_empty(), field.is_empty()) {
            (false, false) => text.push_str(&said!("{entity}, field {field}: ", entity, field)),
            (false, true) => text.push_str(&format!("{entity}: ")),
            (true, false) => text.push_str(&said!("field {field}: ", field)),
            (true, true) => {}
        }
        text.push_str(&cut(&words::of(&self.message)));
        if !self.expected.is_empty() {
            let expected = words::of(&self.expected);
            text.push_str(&said!("; expected {expected}", expected));
        }
        if let Some(closest) = &self.closest {
            text.push_str(&said!("; did you mean \"{closest}\"?", closest));
        }
        out.write_str(&visible(&text))
    }
}

/// What a fault is in, for people: its key stands in quotation marks and stays, the words around it are of the program.
fn in_words(entity: &str) -> String {
    let mut told = String::new();
    for (index, part) in entity.split('"').enumerate() {
        if index > 0 {
            told.push('"');
        }
        // Every other part is a key.
        if index % 2 == 0 { told.push_str(&words::of(part)) } else { told.push_str(part) }
    }
    told
}

/// What is expected where a key refers to nothing: `the key of a hospital that exists`.
pub(crate) fn a_key_of(what: &str) -> String {
    let is_vowel = what.starts_with(['a', 'e', 'i', 'o', 'u']);
    let what = words::of(what);
    if is_vowel {
        said!("the key of an {what} that exists", what)
    } else {
        said!("the key of a {what} that exists", what)
    }
}

/// The beginning of a part of a message that is longer than anybody reads: a name of a file may be megabytes long.
fn cut(part: &str) -> Cow<'_, str> {
    const LONGEST: usize = 2_000;
    const SHOWN: usize = 200;
    if part.len() <= LONGEST {
        return Cow::Borrowed(part);
    }
    let shown: String = part.chars().take(SHOWN).collect();
    Cow::Owned(format!("{shown}… ({} bytes)", part.len()))
}

/// Whether a character moves the cursor, colours, turns the direction of a line or hides in it: control
/// characters, marks of direction, separators of lines, and letters without a width that stand alone.
pub(crate) fn is_unprintable(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// A text with what [`is_unprintable`] written in escapes.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unprintable) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_unprintable(letter) {
            shown.extend(letter.escape_default());
        } else {
            shown.push(letter);
        }
    }
    Cow::Owned(shown)
}

/// At most so many letters of a text, with unseen ones written out.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    let shown = visible(text);
    // Letters are counted, not bytes: an umlaut has two.
    if shown.chars().count() <= most {
        return shown.into_owned();
    }
    let mut cut: String = shown.chars().take(most - 1).collect();
    cut.push('…');
    cut
}

/// A text as it may stand in HTML and XML, between tags and in quoted attributes.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for letter in visible(text).chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(letter),
        }
    }
    out
}

/// So many faults are kept: an input of a few megabytes can have millions, and nobody reads them.
const MOST_KEPT: usize = 200_000;

/// So many lines of faults of one kind are printed; the rest of the kind is a number.
const LINES_OF_A_KIND: usize = 10;

/// So many lines are printed in all.
const MOST_LINES: usize = 200;

/// So many lines of a file are named where the same is wrong in many.
const LINES_NAMED: usize = 5;

/// Every fault of an input: `network.ron` first, then by file, line and column.
#[derive(Debug, Clone, Default, PartialEq, Eq, thiserror::Error)]
pub struct Problems {
    list: Vec<Problem>,
    /// Faults beyond [`MOST_KEPT`], which are only counted.
    unlisted: usize,
    /// What was not checked because of the faults.
    unchecked: BTreeSet<String>,
}

impl Problems {
    /// The faults, each by itself; the first 200,000 where there are more.
    pub fn list(&self) -> &[Problem] {
        &self.list
    }

    /// How many faults there are, those beyond the list included.
    pub fn count(&self) -> usize {
        self.list.len() + self.unlisted
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The faults as lines of a bounded length in all, for people: what is wrong in one way in several
    /// places is one line with how often, and of many faults of one kind the first few are there, then how
    /// many more. [`Problems::list`] has each.
    ///
    /// ```
    /// use verbund::files::Folder;
    ///
    /// let folder = tempfile::tempdir()?;
    /// std::fs::write(folder.path().join("network.ron"), "Network(format: 1")?;
    /// let problems = Folder::open(folder.path()).read().unwrap_err();
    /// assert_eq!(problems.lines(), ["network.ron:1:17: expected comma"]);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn lines(&self) -> Vec<String> {
        let sames = self.sames();
        let mut kinds: HashMap<&KindKey<'_>, Kind> = HashMap::new();
        for same in &sames {
            let kind = kinds.entry(&same.kind).or_default();
            kind.lines += 1;
            kind.faults += same.faults.len();
        }
        let mut lines = Vec::new();
        let mut printed = 0;
        for same in &sames {
            let kind = kinds.entry(&same.kind).or_default();
            if kind.printed == LINES_OF_A_KIND || lines.len() == MOST_LINES {
                continue;
            }
            lines.push(same.line());
            printed += same.faults.len();
            kind.printed += 1;
            kind.faults -= same.faults.len();
            if kind.printed == LINES_OF_A_KIND && kind.faults > 0 && lines.len() < MOST_LINES {
                printed += kind.faults;
                let others = kind.lines - kind.printed;
                lines.push(same.rest_of_kind(kind.faults, others));
            }
        }
        let unprinted = self.count() - printed;
        if unprinted > 0 {
            lines.push(said!("... and {unprinted} more", unprinted));
        }
        lines
    }

    /// Faults that are printed in one line each, in the order of the first of each.
    fn sames(&self) -> Vec<Same<'_>> {
        let mut sames: Vec<Same<'_>> = Vec::new();
        let mut known: HashMap<(KindKey<'_>, &str), usize> = HashMap::new();
        for (index, problem) in self.list.iter().enumerate() {
            let key = (KindKey::of(problem), problem.message.as_str());
            if let Some(&same) = known.get(&key) {
                sames[same].faults.push(index);
            } else {
                let kind = key.0.clone();
                known.insert(key, sames.len());
                sames.push(Same { kind, list: &self.list, faults: vec![index] });
            }
        }
        let mut lines = Vec::new();
        for same in sames {
            if same.is_one_line() {
                lines.push(same);
                continue;
            }
            for index in same.faults {
                let kind = same.kind.clone();
                lines.push(Same { kind, list: &self.list, faults: vec![index] });
            }
        }
        lines.sort_by_key(|same| same.faults[0]);
        lines
    }

    pub(crate) fn push(&mut self, problem: Problem) {
        if self.list.len() < MOST_KEPT {
            self.list.push(problem);
        } else {
            self.unlisted += 1;
        }
    }

    /// What could not be checked because of the faults, in whole sentences; nothing where all was.
    pub fn unchecked(&self) -> impl Iterator<Item = &str> {
        self.unchecked.iter().map(String::as_str)
    }

    /// Says what could not be checked because of the faults.
    pub(crate) fn leave_unchecked(&mut self, sentence: &str) {
        self.unchecked.insert(sentence.to_owned());
    }

    /// Faults beyond the list.
    pub(crate) fn unlisted(&self) -> usize {
        self.unlisted
    }

    /// Counts faults that are not listed.
    pub(crate) fn count_more(&mut self, faults: usize) {
        self.unlisted += faults;
    }

    /// Adds all of others.
    pub fn append(&mut self, others: Self) {
        self.unlisted += others.unlisted;
        self.unchecked.extend(others.unchecked);
        for problem in others.list {
            self.push(problem);
        }
    }

    /// Puts other messages in the place of these.
    pub(crate) fn reword(&mut self, messages: &BTreeMap<String, String>) {
        for problem in &mut self.list {
            if let Some(message) = messages.get(&problem.message) {
                problem.message.clone_from(message);
                problem.closest = None;
            }
        }
    }

    pub(crate) fn into_list(self) -> Vec<Problem> {
        self.list
    }

    /// `network.ron` first, then the other files by name; in a file by line and column; each fault
    /// once.
    pub(crate) fn sorted(mut self) -> Self {
        self.list.sort_by(|a, b| {
            let main = |p: &Problem| p.file.as_deref() != Some("network.ron");
            let key = |p: &Problem| (main(p), p.line, p.column);
            let by_file = (main(a), &a.file).cmp(&(main(b), &b.file));
            by_file.then_with(|| key(a).cmp(&key(b))).then_with(|| a.field.cmp(&b.field))
        });
        self.list.dedup();
        self
    }
}

impl FromIterator<Problem> for Problems {
    /// Faults of several inputs, in the order in which they come.
    fn from_iter<I: IntoIterator<Item = Problem>>(faults: I) -> Self {
        let mut problems = Self::default();
        for problem in faults {
            problems.push(problem);
        }
        problems
    }
}

/// What faults of one kind have in common: the file, the field but for positions in lists, and what is
/// wrong but for values.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct KindKey<'p> {
    file: Option<&'p str>,
    kind: ProblemKind,
    field: String,
    words: String,
}

impl<'p> KindKey<'p> {
    fn of(problem: &'p Problem) -> Self {
        Self {
            file: problem.file.as_deref(),
            kind: problem.kind,
            field: without_values(&problem.field),
            words: without_values(&problem.message),
        }
    }
}

/// A text without what stands in quotation marks, and without digits.
fn without_values(text: &str) -> String {
    let mut words = String::new();
    let mut is_quoted = false;
    for letter in text.chars() {
        if letter == '"' {
            is_quoted = !is_quoted;
        } else if !is_quoted && !letter.is_ascii_digit() {
            words.push(letter);
        }
    }
    words
}

/// Faults of one kind, as they are printed.
#[derive(Debug, Default)]
struct Kind {
    /// Lines in all.
    lines: usize,
    /// Lines printed so far.
    printed: usize,
    /// Faults that are not printed yet.
    faults: usize,
}

/// Faults with the same message.
struct Same<'p> {
    kind: KindKey<'p>,
    /// Every fault of the input.
    list: &'p [Problem],
    /// The positions of these in the list.
    faults: Vec<usize>,
}

impl Same<'_> {
    /// A key that refers to nothing is one fault, however often it is written; other faults are told one
    /// by one while there are few.
    fn is_one_line(&self) -> bool {
        let fewest = if self.kind.kind == ProblemKind::Unknown { 2 } else { 4 };
        self.kind.file.is_some() && self.faults.len() >= fewest
    }

    fn line(&self) -> String {
        let first = &self.list[self.faults[0]];
        if self.faults.len() == 1 {
            return first.to_string();
        }
        let mut numbers: Vec<u32> = Vec::new();
        for &index in &self.faults {
            numbers.extend(self.list[index].line);
        }

        // A line may have the same fault in several columns.
        numbers.dedup();
        let named: Vec<String> = numbers.iter().take(LINES_NAMED).map(u32::to_string).collect();
        let more = if numbers.len() > named.len() { ", ..." } else { "" };
        let (times, lines) = (self.faults.len(), format!("{}{more}", named.join(", ")));
        if numbers.len() > 1 {
            said!("{first} ({times} times: lines {lines})", first, times, lines)
        } else {
            said!("{first} ({times} times: line {lines})", first, times, lines)
        }
    }

    /// How many more of the kind there are behind the lines that are printed.
    fn rest_of_kind(&self, faults: usize, others: usize) -> String {
        let file = self.kind.file.map_or_else(String::new, |file| format!("{file}: "));
        let field = match self.kind.field.as_str() {
            "" => String::new(),
            field => said!(" in field {field}", field),
        };
        let message = self.kind.words.split_whitespace().collect::<Vec<_>>().join(" ");
        let different = if others < faults {
            said!(" with {others} other values", others)
        } else {
            String::new()
        };
        let message = words::of(&message);
        let told = said!(
            "{file}{faults} more of this kind{field}{different}: {message}",
            file,
            faults,
            field,
            different,
            message
        );
        visible(&told).into_owned()
    }
}

impl fmt::Display for Problems {
    /// [`Problems::lines`], what was not checked, then how many faults there are.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in self.lines() {
            writeln!(out, "{line}")?;
        }
        for sentence in &self.unchecked {
            writeln!(out, "{}", words::of(sentence))?;
        }
        match self.count() {
            1 => out.write_str(&said!("1 problem")),
            count => out.write_str(&said!("{count} problems", count)),
        }
    }
}

/// No key is as long as this many characters: what is longer has no closest one.
const LONGEST_KEY: usize = 200;

/// The key that is closest to a mistyped one, when one is close enough to be meant.
///
/// Distance counts inserted, deleted, replaced and swapped characters; at most a third of the
/// characters may differ. Ties go to the first key.
pub fn closest<'a>(wrong: &str, keys: impl IntoIterator<Item = &'a str>) -> Option<String> {
    Suggestions { left: usize::MAX, ..Suggestions::default() }.search(wrong, keys)
}

/// Looks for the keys that mistyped ones may mean: each wrong key once, and so many letters in all. A
/// table whose keys are all wrong costs no more than its length; its last keys have no suggestion.
#[derive(Debug)]
pub(crate) struct Suggestions {
    /// What was found, by the list that was searched and the wrong key.
    known: HashMap<(String, String), Option<String>>,
    /// Pairs of letters that may still be compared.
    left: usize,
}

/// Pairs of letters that are compared for the faults of one input: a fraction of a second.
const PAIRS_OF_LETTERS: usize = 20_000_000;

impl Default for Suggestions {
    fn default() -> Self {
        Self { known: HashMap::new(), left: PAIRS_OF_LETTERS }
    }
}

impl Suggestions {
    /// [`closest`] of the keys of a list, which `scope` tells from other lists.
    pub(crate) fn closest<'a>(
        &mut self,
        scope: &str,
        wrong: &str,
        keys: impl IntoIterator<Item = &'a str>,
    ) -> Option<String> {
        if self.left == 0 {
            return None;
        }
        let key = (scope.to_owned(), wrong.to_owned());
        if let Some(searched) = self.known.get(&key) {
            return searched.clone();
        }
        let closest = self.search(wrong, keys);
        self.known.insert(key, closest.clone());
        closest
    }

    fn search<'a>(
        &mut self,
        wrong: &str,
        keys: impl IntoIterator<Item = &'a str>,
    ) -> Option<String> {
        let length = wrong.chars().take(LONGEST_KEY + 1).count();
        if length > LONGEST_KEY {
            return None;
        }
        let allowed = (length / 3).max(1);

        // Keys that are too long or too short to be meant cost one pair, and are not compared.
        let mut best: Option<(usize, &str)> = None;
        for key in keys {
            // A letter has at most four bytes.
            let is_too_long = key.len() > 4 * (length + allowed);
            let letters = if is_too_long { usize::MAX } else { key.chars().count() };
            let cost = if letters.abs_diff(length) > allowed { 1 } else { 1 + length * letters };
            self.left = self.left.saturating_sub(cost);
            if self.left == 0 {
                break;
            }
            if cost == 1 {
                continue;
            }
            let distance = strsim::damerau_levenshtein(wrong, key);
            let is_closer = best.is_none_or(|(least, _)| distance < least);
            if distance <= allowed && is_closer {
                best = Some((distance, key));
            }
        }
        best.map(|(_, key)| key.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closest_key_is_offered_only_when_it_is_close() {
        let keys = ["north", "south", "st-georg-leipzig"];
        assert_eq!(closest("nroth", keys).as_deref(), Some("north"));
        assert_eq!(closest("st-goerg-leipzig", keys).as_deref(), Some("st-georg-leipzig"));
        assert_eq!(closest("hamburg", keys), None);
        assert_eq!(closest("", keys), None);
        assert_eq!(closest(&"n".repeat(300), keys), None);
    }

    #[test]
    fn suggestions_end_when_enough_was_compared() {
        let keys: Vec<String> = (0..5000).map(|number| format!("place-{number:06}")).collect();
        let mut suggestions = Suggestions::default();
        let mut suggest =
            |wrong: &str| suggestions.closest("place", wrong, keys.iter().map(String::as_str));
        assert_eq!(suggest("plaze-000000").as_deref(), Some("place-000000"));
        // 5,000 keys of 12 letters: 720,000 pairs a wrong key, so that 27 of them are looked up in full.
        let suggested = (0..5000).filter(|number| suggest(&format!("plaze-{number:06}")).is_some());
        assert!((20..40).contains(&suggested.count()));
        assert_eq!(suggest("plaze-000000"), None, "nothing is looked up any more");
    }

    fn fault(line: u32, message: &str) -> Problem {
        Problem {
            kind: ProblemKind::Unknown,
            file: Some("t.csv".into()),
            line: Some(line),
            column: Some(2),
            entity: format!("row {line}"),
            field: "hospital".into(),
            message: message.into(),
            expected: String::new(),
            closest: None,
        }
    }

    #[test]
    fn one_wrong_key_is_one_line_and_many_of_one_kind_are_a_few() {
        let twice: Problems =
            [2, 5, 7].map(|line| fault(line, "unknown hospital \"x\"")).into_iter().collect();
        assert_eq!(
            twice.lines(),
            ["t.csv:2:2: row 2, field hospital: unknown hospital \"x\" (3 times: lines 2, 5, 7)"]
        );
        assert!(twice.to_string().ends_with("\n3 problems"));
        let names = 0..30_000;
        let many: Problems = names
            .map(|row| fault(row + 2, &format!("unknown hospital \"{}\"", row % 300)))
            .collect();
        let lines = many.lines();
        assert_eq!(lines.len(), 11, "{lines:#?}");
        assert!(
            lines[0]
                .ends_with("unknown hospital \"0\" (100 times: lines 2, 302, 602, 902, 1202, ...)")
        );
        assert_eq!(
            lines[10],
            "t.csv: 29000 more of this kind in field hospital with 290 other values: unknown hospital"
        );
        assert_eq!(many.list().len(), 30_000);
    }

    #[test]
    fn lines_and_faults_have_an_end_and_the_rest_is_counted() {
        // 300 kinds of one fault each, then more than are kept.
        let letters = |number: u32| char::from_u32(0x4e00 + number).unwrap();
        let kinds: Problems =
            (0..300).map(|line| fault(line, &format!("wrong {}", letters(line)))).collect();
        let lines = kinds.lines();
        assert_eq!((lines.len(), lines[200].as_str()), (201, "... and 100 more"));
        let endless: Problems = (0..200_005).map(|line| fault(line, "is missing")).collect();
        assert_eq!((endless.list().len(), endless.count()), (200_000, 200_005));
        assert!(endless.to_string().ends_with("\n200005 problems"));
    }

    #[test]
    fn what_a_terminal_would_obey_is_written_in_escapes() {
        let problem = fault(1, "name \u{1b}[2J\u{202e}x\ny is ü");
        assert!(problem.to_string().ends_with("name \\u{1b}[2J\\u{202e}x\\ny is ü"));
    }
}
