//! How plain the lines of the crate are: what was untangled does not tangle again, and the main types show an
//! example.
//!
//! Measured by room, that is by folder of `src`, with `src` for the files that lie in none:
//!
//! - iterator adapters and closures in 100 lines of code, tokens in a line of code;
//! - the share of plain comments (`//`, which say why) in all lines;
//! - statements with more than three adapters, names that say nothing, tuples as parameters.
//!
//! Lines of code are those that are neither blank nor a comment. A string counts as two tokens, whatever is in it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// What a room may have at most, and of comments at least.
struct Ceiling {
    room: &'static str,
    /// In 100 lines of code.
    adapters: f64,
    /// In 100 lines of code.
    closures: f64,
    /// In a line of code.
    tokens: f64,
    /// In 100 lines.
    comments: f64,
}

impl Ceiling {
    const fn new(
        room: &'static str,
        adapters: f64,
        closures: f64,
        tokens: f64,
        comments: f64,
    ) -> Self {
        Self { room, adapters, closures, tokens, comments }
    }
}

/// What every room is to come to.
const AIM: Ceiling = Ceiling::new("", 4.0, 4.0, 9.0, 2.0);

/// What the rooms had when this was written, rounded to the next half (comments to the tenth below), or the aim
/// where they had come to it. Adapters, closures and tokens may only be lowered here, comments only raised.
const CEILINGS: &[Ceiling] = &[
    Ceiling::new("agreement", 4.0, 4.0, 9.0, 1.8),
    Ceiling::new("alliance", 4.0, 4.0, 9.5, 1.9),
    Ceiling::new("calendar", 4.0, 4.5, 9.5, 2.0),
    Ceiling::new("cli", 4.0, 4.5, 10.0, 1.8),
    Ceiling::new("comparison", 4.0, 4.0, 9.0, 1.9),
    Ceiling::new("coverage", 4.0, 4.0, 9.0, 1.9),
    Ceiling::new("demand", 4.0, 4.0, 9.0, 2.0),
    Ceiling::new("disk", 4.0, 4.0, 9.5, 2.0),
    Ceiling::new("files", 4.0, 4.0, 10.0, 1.8),
    Ceiling::new("guide", 4.0, 4.0, 9.0, 0.0),
    Ceiling::new("impact", 4.0, 4.0, 9.0, 1.7),
    Ceiling::new("import", 4.0, 4.0, 9.0, 1.9),
    Ceiling::new("model", 4.0, 4.0, 9.0, 1.9),
    Ceiling::new("names", 4.0, 4.0, 9.0, 2.0),
    Ceiling::new("overview", 4.0, 4.0, 9.0, 1.8),
    Ceiling::new("page", 4.0, 4.0, 9.0, 2.0),
    Ceiling::new("pathways", 4.0, 4.0, 9.5, 1.9),
    Ceiling::new("planning", 4.0, 4.0, 9.0, 2.0),
    // Each mark of a picture is two positions and a shape in one call: room for its arithmetic.
    Ceiling::new("plot", 4.0, 4.0, 10.0, 2.0),
    Ceiling::new("queueing", 4.0, 4.0, 9.0, 2.0),
    Ceiling::new("region", 4.0, 4.0, 10.0, 2.0),
    Ceiling::new("report", 4.0, 10.5, 9.5, 1.7),
    Ceiling::new("routing", 4.0, 4.0, 9.5, 1.9),
    Ceiling::new("rules", 4.0, 4.5, 9.0, 1.9),
    Ceiling::new("scenario", 4.0, 4.0, 9.5, 2.0),
    Ceiling::new("simulation", 4.0, 4.0, 9.0, 2.0),
    Ceiling::new("src", 4.0, 4.0, 9.0, 0.7),
    Ceiling::new("stats", 4.0, 4.0, 9.5, 2.0),
    Ceiling::new("travel", 4.0, 4.0, 9.5, 2.0),
];

/// What a room may have of what the aim has none of.
struct Allowance {
    room: &'static str,
    /// Statements with more than three adapters.
    chains: usize,
    /// Names that say nothing.
    names: usize,
    /// Tuples as parameters.
    tuples: usize,
}

impl Allowance {
    const fn new(room: &'static str, chains: usize, names: usize, tuples: usize) -> Self {
        Self { room, chains, names, tuples }
    }
}

const NOTHING: Allowance = Allowance::new("", 0, 0, 0);

/// What the rooms had when this was written; no other room has any. These numbers may only be lowered.
const ALLOWANCES: &[Allowance] = &[];

const ADAPTERS: [&str; 21] = [
    "map",
    "filter",
    "filter_map",
    "flat_map",
    "zip",
    "fold",
    "chain",
    "then",
    "then_with",
    "and_then",
    "map_or",
    "map_or_else",
    "is_some_and",
    "is_none_or",
    "enumerate",
    "take",
    "skip",
    "for_each",
    "collect",
    "sum",
    "flatten",
];

/// Names of locals and of parameters of closures that say nothing about what they hold.
const EMPTY_NAMES: [&str; 10] =
    ["one", "own", "all", "found", "at", "of", "other", "this", "that", "it"];

const OPERATORS: [&str; 11] = ["::", "->", "=>", "==", "!=", "<=", ">=", "&&", "||", "..=", ".."];

/// The main types, with the files that state them.
const MAIN_TYPES: [(&str, &str); 19] = [
    ("Network", "model/network.rs"),
    ("Hospital", "model/hospital.rs"),
    ("Cooperation", "model/cooperation.rs"),
    ("Requirement", "model/requirement.rs"),
    ("Prepared", "pathways/sites.rs"),
    ("Query", "pathways/mod.rs"),
    ("Outcome", "pathways/outcome.rs"),
    ("Study", "impact/mod.rs"),
    ("Flows", "routing/flows.rs"),
    ("Choice", "routing/choice.rs"),
    ("Settings", "simulation/settings.rs"),
    ("Results", "simulation/results.rs"),
    ("Document", "report/document/mod.rs"),
    ("TravelTimes", "travel/ranked.rs"),
    ("Region", "region.rs"),
    ("Scenario", "scenario/mod.rs"),
    ("Comparison", "comparison/mod.rs"),
    ("Model", "queueing/model.rs"),
    ("Model", "model/mod.rs"),
];

/// What a text has.
#[derive(Default)]
struct Measured {
    lines: usize,
    code: usize,
    comments: usize,
    adapters: usize,
    closures: usize,
    tokens: usize,
    chains: Vec<Breach>,
    names: Vec<Breach>,
    tuples: Vec<Breach>,
    /// The line with the most tokens, to which messages point.
    densest: Densest,
}

#[derive(Default)]
struct Densest {
    tokens: usize,
    line: usize,
}

/// Something that a text has on a line, from 1.
struct Breach {
    line: usize,
    what: String,
}

impl Measured {
    fn per_100_lines(&self, count: usize) -> f64 {
        100.0 * count as f64 / self.code.max(1) as f64
    }

    fn adapters_per_100(&self) -> f64 {
        self.per_100_lines(self.adapters)
    }

    fn closures_per_100(&self) -> f64 {
        self.per_100_lines(self.closures)
    }

    fn tokens_per_line(&self) -> f64 {
        self.tokens as f64 / self.code.max(1) as f64
    }

    fn comments_per_100(&self) -> f64 {
        100.0 * self.comments as f64 / self.lines.max(1) as f64
    }
}

fn is_of_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

/// What a line ends in.
#[derive(Clone, Copy, PartialEq)]
enum State {
    Code,
    Text,
    /// A raw string that as many `#` end.
    RawText(usize),
}

/// Reads lines and leaves what stands in strings out.
struct Stripper {
    state: State,
}

impl Stripper {
    /// The line with empty strings.
    fn strip(&mut self, line: &str) -> String {
        let letters: Vec<char> = line.chars().collect();
        let mut stripped = String::new();
        let mut place = 0;
        while place < letters.len() {
            place += match self.state {
                State::Code => self.code(&letters, place, &mut stripped),
                State::Text => self.text(&letters, place, &mut stripped),
                State::RawText(hashes) => self.raw_text(&letters, place, hashes, &mut stripped),
            };
        }
        stripped
    }

    /// Reads some letters of code, and says how many.
    fn code(&mut self, letters: &[char], place: usize, stripped: &mut String) -> usize {
        let letter = letters[place];
        let rest = &letters[place..];

        // A letter in quotes may be a quote that begins no string.
        if rest.starts_with(&['\'', '"', '\'']) || rest.starts_with(&['\'', '\\', '"', '\'']) {
            stripped.push_str("' '");
            return if rest[1] == '\\' { 4 } else { 3 };
        }

        let is_in_word = place > 0 && is_of_word(letters[place - 1]);
        if letter == 'r' && !is_in_word {
            let hashes = rest[1..].iter().take_while(|letter| **letter == '#').count();
            if rest.get(1 + hashes) == Some(&'"') {
                self.state = State::RawText(hashes);
                stripped.push('"');
                return hashes + 2;
            }
        }

        if letter == '"' {
            self.state = State::Text;
        }
        stripped.push(letter);
        1
    }

    fn text(&mut self, letters: &[char], place: usize, stripped: &mut String) -> usize {
        if letters[place] == '\\' {
            return 2;
        }
        if letters[place] == '"' {
            self.state = State::Code;
            stripped.push('"');
        }
        1
    }

    fn raw_text(
        &mut self,
        letters: &[char],
        place: usize,
        hashes: usize,
        stripped: &mut String,
    ) -> usize {
        let rest = &letters[place + 1..];
        let is_end = letters[place] == '"'
            && rest.len() >= hashes
            && rest[..hashes].iter().all(|letter| *letter == '#');
        if !is_end {
            return 1;
        }
        self.state = State::Code;
        stripped.push('"');
        1 + hashes
    }
}

/// The tokens of a line without what stands in its strings.
fn tokens(line: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = line.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = if is_of_word(first) {
            let is_number = first.is_ascii_digit();
            let is_in = |letter: char| is_of_word(letter) || (is_number && letter == '.');
            let word = rest.find(|letter| !is_in(letter)).unwrap_or(rest.len());

            // In `0..9` the number ends before the points.
            let range = if is_number { rest.find("..").unwrap_or(word) } else { word };
            word.min(range)
        } else if first == '\'' {
            // A lifetime; of a letter in quotes, the first two of its three characters.
            let name = &rest[1..];
            1 + name.find(|letter| !is_of_word(letter)).unwrap_or(name.len())
        } else if let Some(operator) = OPERATORS.iter().find(|known| rest.starts_with(**known)) {
            operator.len()
        } else {
            first.len_utf8()
        };
        let (token, behind) = rest.split_at(length);
        tokens.push(token);
        rest = behind.trim_start();
    }
    tokens
}

fn is_word(token: &str) -> bool {
    token.starts_with(is_of_word)
}

fn adapters(tokens: &[&str]) -> usize {
    let mut count = 0;
    for pair in tokens.windows(2) {
        if pair[0] == "." && ADAPTERS.contains(&pair[1]) {
            count += 1;
        }
    }
    count
}

/// The parameters of each closure that begins and ends them on the line.
fn closures<'t, 'l>(tokens: &'t [&'l str]) -> Vec<&'t [&'l str]> {
    let mut closures = Vec::new();
    let mut place = 0;
    while place < tokens.len() {
        // Elsewhere a bar is an `or`, of values or of patterns.
        let is_begin = place > 0 && matches!(tokens[place - 1], "(" | "," | "=" | "move");
        if is_begin && tokens[place] == "||" {
            closures.push(&tokens[place..place]);
        }
        if is_begin && tokens[place] == "|" {
            let parameters = &tokens[place + 1..];
            if let Some(length) = parameters.iter().position(|token| *token == "|") {
                closures.push(&parameters[..length]);
                place += length + 1;
            }
        }
        place += 1;
    }
    closures
}

/// The name that a `let` or a `for` binds first.
fn bound_name<'l>(tokens: &[&'l str]) -> Option<&'l str> {
    let (first, rest) = tokens.split_first()?;
    if *first != "let" && *first != "for" {
        return None;
    }
    rest.iter().find(|token| !matches!(**token, "mut" | "(" | "&")).copied()
}

/// The first name of a closure's parameters.
fn parameter_name<'l>(parameters: &[&'l str]) -> Option<&'l str> {
    parameters.iter().find(|token| !matches!(**token, "&" | "&&" | "(" | "mut")).copied()
}

/// Whether several names in brackets have the type of a tuple: `(a, b): (A, B)`.
fn has_tuple_parameter(tokens: &[&str]) -> bool {
    for (place, token) in tokens.iter().enumerate() {
        if *token != "(" {
            continue;
        }
        let names = &tokens[place + 1..];
        let Some(length) = names.iter().position(|name| !is_word(name) && *name != ",") else {
            continue;
        };
        let is_list = names[..length].contains(&",");
        if is_list && names[length..].starts_with(&[")", ":", "("]) {
            return true;
        }
    }
    false
}

fn measured(text: &str) -> Measured {
    let mut measured = Measured::default();
    let mut stripper = Stripper { state: State::Code };
    let mut statement = Statement::default();

    for (position, written) in text.lines().enumerate() {
        measured.lines += 1;
        let trimmed = written.trim();
        if trimmed.is_empty() {
            continue;
        }
        if stripper.state == State::Code && trimmed.starts_with("//") {
            let is_doc = trimmed.starts_with("///") || trimmed.starts_with("//!");
            measured.comments += usize::from(!is_doc);
            continue;
        }
        let stripped = stripper.strip(written);
        measured.add_code(position + 1, &stripped, &mut statement);
    }
    measured
}

/// The lines since the last one that ended a statement or opened a block.
#[derive(Default)]
struct Statement {
    first: Option<usize>,
    adapters: usize,
}

impl Measured {
    /// Adds a line of code, without what stands in its strings.
    fn add_code(&mut self, line: usize, stripped: &str, statement: &mut Statement) {
        let tokens = tokens(stripped);
        let adapters = adapters(&tokens);
        let closures = closures(&tokens);

        self.code += 1;
        self.adapters += adapters;
        self.closures += closures.len();
        self.tokens += tokens.len();
        if tokens.len() > self.densest.tokens {
            self.densest = Densest { tokens: tokens.len(), line };
        }

        let first = *statement.first.get_or_insert(line);
        statement.adapters += adapters;
        if stripped.trim_end().ends_with([';', '{', '}']) || stripped.trim_end().ends_with("},") {
            if statement.adapters > 3 {
                let what = format!("{} adapters in a statement", statement.adapters);
                self.chains.push(Breach { line: first, what });
            }
            *statement = Statement::default();
        }

        if let Some(name) = bound_name(&tokens)
            && EMPTY_NAMES.contains(&name)
        {
            self.names.push(Breach { line, what: format!("a local `{name}`") });
        }
        for parameters in closures {
            if let Some(name) = parameter_name(parameters)
                && EMPTY_NAMES.contains(&name)
            {
                self.names.push(Breach { line, what: format!("a parameter `{name}`") });
            }
        }
        if has_tuple_parameter(&tokens) {
            self.tuples.push(Breach { line, what: "a tuple as a parameter".to_owned() });
        }
    }
}

/// The file, with what it has.
struct Measure {
    path: PathBuf,
    measured: Measured,
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The path as messages write it, the same on every machine.
fn shown(path: &Path) -> String {
    path.display().to_string().replace('\\', "/")
}

/// Every Rust file below a folder, by its path below `root`, in the order of the paths.
fn rust_files(folder: &Path, root: &Path, files: &mut Vec<(PathBuf, String)>) {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        paths.push(entry.unwrap().path());
    }
    paths.sort();
    for path in paths {
        if path.is_dir() {
            rust_files(&path, root, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let below = path.strip_prefix(root).unwrap().to_owned();
            files.push((below, fs::read_to_string(&path).unwrap()));
        }
    }
}

/// The files of the crate by room: by folder of `src`, with "src" for those that lie in none.
fn rooms() -> BTreeMap<String, Vec<Measure>> {
    let mut files = Vec::new();
    rust_files(&source(), &source(), &mut files);

    let mut rooms: BTreeMap<String, Vec<Measure>> = BTreeMap::new();
    for (path, text) in files {
        let mut parts = path.components();
        let folder = parts.next().unwrap();
        let is_in_folder = parts.next().is_some();
        let room = if is_in_folder { shown(folder.as_ref()) } else { "src".to_owned() };
        rooms.entry(room).or_default().push(Measure { path, measured: measured(&text) });
    }
    rooms
}

/// What files have together.
fn together(files: &[Measure]) -> Measured {
    let mut sum = Measured::default();
    for file in files {
        sum.lines += file.measured.lines;
        sum.code += file.measured.code;
        sum.comments += file.measured.comments;
        sum.adapters += file.measured.adapters;
        sum.closures += file.measured.closures;
        sum.tokens += file.measured.tokens;
    }
    sum
}

/// File and densest line of the file that stands highest by a key.
fn where_most(files: &[Measure], key: impl Fn(&Measured) -> f64) -> String {
    let mut highest = &files[0];
    for file in files {
        if key(&file.measured) > key(&highest.measured) {
            highest = file;
        }
    }
    let line = highest.measured.densest.line.max(1);
    format!("src/{}:{line}", shown(&highest.path))
}

/// What a room has beyond its ceiling, in words with file and line.
fn beyond_ceiling(ceiling: &Ceiling, files: &[Measure]) -> Vec<String> {
    let room = ceiling.room;
    let sum = together(files);
    let mut breaches = Vec::new();

    let adapters = sum.adapters_per_100();
    if adapters > ceiling.adapters {
        let most = ceiling.adapters;
        let place = where_most(files, |file| file.adapters as f64);
        breaches.push(format!(
            "{room}: {adapters:.2} adapters in 100 lines of code, at most {most}; the most in {place}"
        ));
    }
    let closures = sum.closures_per_100();
    if closures > ceiling.closures {
        let most = ceiling.closures;
        let place = where_most(files, |file| file.closures as f64);
        breaches.push(format!(
            "{room}: {closures:.2} closures in 100 lines of code, at most {most}; the most in {place}"
        ));
    }
    let tokens = sum.tokens_per_line();
    if tokens > ceiling.tokens {
        let most = ceiling.tokens;
        let place = where_most(files, Measured::tokens_per_line);
        breaches.push(format!(
            "{room}: {tokens:.2} tokens in a line of code, at most {most}; the most in {place}"
        ));
    }
    let comments = sum.comments_per_100();
    if comments < ceiling.comments {
        let least = ceiling.comments;
        let place = where_most(files, |file| file.lines as f64 / (1 + file.comments) as f64);
        breaches.push(format!(
            "{room}: {comments:.2} plain comments in 100 lines, at least {least}; the fewest in {place}"
        ));
    }
    breaches
}

/// What a room has more of than it may, in words with file and line.
fn beyond_allowance(
    room: &str,
    most: usize,
    files: &[Measure],
    of_file: fn(&Measured) -> &[Breach],
) -> Vec<String> {
    let mut breaches = Vec::new();
    for file in files {
        for breach in of_file(&file.measured) {
            let path = shown(&file.path);
            breaches.push(format!("src/{path}:{}: {}", breach.line, breach.what));
        }
    }
    if breaches.len() <= most {
        return Vec::new();
    }
    breaches.insert(0, format!("{room}: {} of these, at most {most}:", breaches.len()));
    breaches
}

#[test]
fn lines_are_as_plain_as_they_were() {
    let rooms = rooms();
    let mut breaches = Vec::new();
    for (room, files) in &rooms {
        match CEILINGS.iter().find(|ceiling| ceiling.room == room) {
            Some(ceiling) => breaches.extend(beyond_ceiling(ceiling, files)),
            // A room that is new has no past to be measured by.
            None => breaches.extend(beyond_ceiling(&Ceiling { room: "a new room", ..AIM }, files)),
        }
    }
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));

    for ceiling in CEILINGS {
        assert!(rooms.contains_key(ceiling.room), "{}: no such room any more", ceiling.room);
    }
}

#[test]
fn long_chains_empty_names_and_tuples_become_no_more() {
    let mut breaches = Vec::new();
    for (room, files) in &rooms() {
        let allowance = ALLOWANCES.iter().find(|allowance| allowance.room == room);
        let allowance = allowance.unwrap_or(&NOTHING);
        breaches.extend(beyond_allowance(room, allowance.chains, files, |file| &file.chains));
        breaches.extend(beyond_allowance(room, allowance.names, files, |file| &file.names));
        breaches.extend(beyond_allowance(room, allowance.tuples, files, |file| &file.tuples));
    }
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

/// Whether docs hold a block of code. With a `name`, the block must name it.
fn has_example(docs: &[&str], name: Option<&str>) -> bool {
    let mut is_in_block = false;
    for doc in docs {
        if doc.trim_start().starts_with("```") {
            is_in_block = !is_in_block;
            if is_in_block && name.is_none() {
                return true;
            }
        } else if is_in_block && name.is_some_and(|name| tokens(doc).contains(&name)) {
            return true;
        }
    }
    false
}

/// The line of a public type whose docs, those of its inherent methods and those of its file show no example;
/// `None` where one does.
fn without_example(text: &str, name: &str) -> Option<usize> {
    let mut of_file = Vec::new();
    let mut docs = Vec::new();
    let mut in_impl = Vec::new();
    let mut is_in_impl = false;
    let mut is_in_attribute = false;
    let mut stated = None;

    for (position, written) in text.lines().enumerate() {
        let line = written.trim_start();
        if let Some(doc) = line.strip_prefix("//!") {
            of_file.push(doc);
            continue;
        }
        if let Some(doc) = line.strip_prefix("///") {
            docs.push(doc);
            if is_in_impl {
                in_impl.push(doc);
            }
            continue;
        }

        let words = tokens(line);
        let is_type = matches!(words[..], ["pub", "struct" | "enum", stated, ..] if stated == name);
        if is_type && written == line {
            if has_example(&docs, None) {
                return None;
            }
            stated = Some(position + 1);
        }
        if written.starts_with("impl") {
            // `impl<'r> Name<'r> {`, but not `impl Trait for Name {`.
            is_in_impl = words.contains(&name) && !words.contains(&"for");
        } else if written == "}" {
            is_in_impl = false;
        }

        // Attributes, of one line or of several, stand between the docs and what they are of.
        is_in_attribute |= line.starts_with("#[");
        if !is_in_attribute {
            docs.clear();
        }
        if line.ends_with(']') {
            is_in_attribute = false;
        }
    }
    if has_example(&in_impl, None) || has_example(&of_file, Some(name)) {
        return None;
    }
    Some(stated.unwrap_or(1))
}

#[test]
fn the_main_types_show_an_example() {
    let mut missing = String::new();
    for (name, file) in MAIN_TYPES {
        let text = fs::read_to_string(source().join(file)).unwrap();
        if let Some(line) = without_example(&text, name) {
            writeln!(missing, "src/{file}:{line}: no example of {name}").unwrap();
        }
    }
    assert!(missing.is_empty(), "{missing}");
}

/// Breaches of each kind, and what looks like one and is none.
const TANGLED: &str = r##"
// A reason.
/// Docs, which count as nothing: `a.map(|one| one)`
fn join(list: &[u8], (low, high): (u8, u8)) -> Vec<String> {
    let text = "a \" // .map(|one| one)";
    let raw = r#"let own = "1"; .filter(|all| true)"#;
    let found = text.chars();
    for at in 0..9 {
        call('"', at);
    }
    let names = list.iter().filter(|&other| *other > low || *other == high).map(to_text);
    list.iter()
        .zip(names)
        .map(|(number, name)| number)
        .filter(|number| **number != 1 || low == 2)
        .collect()
}
"##;

/// The lines of breaches with their words.
fn told(breaches: &[Breach]) -> Vec<(usize, &str)> {
    let mut told = Vec::new();
    for breach in breaches {
        told.push((breach.line, breach.what.as_str()));
    }
    told
}

#[test]
fn every_kind_of_breach_is_found() {
    let measured = measured(TANGLED);
    assert_eq!((measured.lines, measured.code, measured.comments), (17, 14, 1));
    assert_eq!((measured.adapters, measured.closures), (6, 3));
    assert_eq!(tokens("let t = r(\"\", 'a', 1.5)..=b::<'s>;").len(), 20);

    assert_eq!(told(&measured.chains), [(12, "4 adapters in a statement")]);
    assert_eq!(
        told(&measured.names),
        [(7, "a local `found`"), (8, "a local `at`"), (11, "a parameter `other`")]
    );
    assert_eq!(told(&measured.tuples), [(4, "a tuple as a parameter")]);

    // Beyond a ceiling, and beyond what a room may have.
    let files = [Measure { path: "room/file.rs".into(), measured }];
    let breaches = beyond_ceiling(&Ceiling { room: "room", ..AIM }, &files);
    assert_eq!(
        breaches,
        [
            "room: 42.86 adapters in 100 lines of code, at most 4; the most in src/room/file.rs:11",
            "room: 21.43 closures in 100 lines of code, at most 4; the most in src/room/file.rs:11",
            "room: 9.93 tokens in a line of code, at most 9; the most in src/room/file.rs:11",
        ]
    );
    let commented = Ceiling::new("room", 50.0, 50.0, 50.0, 6.0);
    assert_eq!(
        beyond_ceiling(&commented, &files),
        ["room: 5.88 plain comments in 100 lines, at least 6; the fewest in src/room/file.rs:11"]
    );
    assert!(beyond_allowance("room", 3, &files, |file| &file.names).is_empty());
    let breaches = beyond_allowance("room", 2, &files, |file| &file.names);
    assert_eq!(breaches[0], "room: 3 of these, at most 2:");
    assert_eq!(breaches[1], "src/room/file.rs:7: a local `found`");
}

#[test]
fn a_type_without_an_example_is_found() {
    let shown = "/// ```\n/// x\n/// ```\n";
    let stated = "#[derive(\n    Debug,\n)]\npub struct Bed {\n    /// Beds.\n    beds: u8,\n}\n";
    assert_eq!(without_example(&format!("{shown}{stated}"), "Bed"), None);
    assert_eq!(without_example(&format!("/// A bed.\n{stated}"), "Bed"), Some(5));

    // The example of what stands before is another one's; that of a method or of the file counts.
    assert_eq!(without_example(&format!("{shown}const BEDS: u8 = 1;\n{stated}"), "Bed"), Some(8));
    let method = format!("{stated}\nimpl<'r> Bed<'r> {{\n{shown}    fn new() {{}}\n}}\n");
    assert_eq!(without_example(&method, "Bed"), None);
    let of_trait = method.replace("impl<'r> Bed", "impl<'r> Clone for Bed");
    assert_eq!(without_example(&of_trait, "Bed"), Some(4));
    let of_file = "//! ```\n//! let bed = Bed::new();\n//! ```\n";
    assert_eq!(without_example(&format!("{of_file}{stated}"), "Bed"), None);
    assert_eq!(
        without_example(&format!("{of_file}{}", stated.replace("Bed", "Ward")), "Ward"),
        Some(7)
    );
}
