//! XML, walked element by element: nothing is expanded, and nothing is kept but what a visitor keeps.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::faults::{expecting, fault_at};
use super::text::LineCounter;
use crate::problem::{Problem, ProblemKind};

/// Looks at the elements of a file.
pub(super) trait Visitor {
    /// An element begins; its name is the last of the path, in line `line`.
    fn open(&mut self, path: &[&str], line: u32);
    /// An element ends; `text` is what stands in it beside other elements, without blanks around it.
    fn close(&mut self, path: &[&str], text: &str);
}

/// Deepest element: official files have less than 20 in each other.
const DEEPEST: usize = 100;

/// Walks through a file. Names are without their prefix, which is the choice of whoever wrote the file.
pub(super) fn walk(file: &str, text: &str, visitor: &mut dyn Visitor) -> Result<(), Problem> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let mut lines = LineCounter::new(text);
    let mut path: Vec<&str> = Vec::new();
    // The text of each element of the path; the first is that outside of all elements.
    let mut texts: Vec<String> = vec![String::new()];

    loop {
        let offset = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let line = lines.line_at(offset);
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(error) => {
                let offset = usize::try_from(reader.error_position()).unwrap_or(offset);
                let message = format!("the XML is broken: {error}");
                let line = lines.line_at(offset);
                return Err(fault_at(file, line, ProblemKind::Syntax, message));
            }
        };

        match event {
            Event::Start(start) => {
                if path.len() == DEEPEST {
                    let message = format!("more than {DEEPEST} elements within each other");
                    return Err(fault_at(file, line, ProblemKind::Range, message));
                }
                path.push(local_name(text, start.name().into_inner()));
                texts.push(String::new());
                visitor.open(&path, line);
            }
            Event::Empty(start) => {
                path.push(local_name(text, start.name().into_inner()));
                visitor.open(&path, line);
                visitor.close(&path, "");
                path.pop();
            }
            Event::End(_) => {
                let text = texts.pop().unwrap_or_default();
                visitor.close(&path, text.trim());
                path.pop();
            }
            Event::Text(part) => push(&mut texts, &part.xml10_content()),
            Event::CData(part) => push(&mut texts, &part.into_inner()),
            Event::GeneralRef(entity) => match resolve(&entity) {
                Some(letter) => push(&mut texts, letter.encode_utf8(&mut [0; 4])),
                None => return Err(refused_entity(file, line, &entity)),
            },
            Event::DocType(_) => return Err(refused_document_type(file, line)),
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }

    let Some(open) = path.last() else { return Ok(()) };
    let message = format!("the file ends within <{open}>");
    let line = lines.line_at(text.len());
    Err(fault_at(file, line, ProblemKind::Syntax, message))
}

// Document types and entities of a file's own are refused: no official file has any, and a few of them, each made
// of several others, unpack a small file to more than a computer has.

fn refused_entity(file: &str, line: u32, entity: &str) -> Problem {
    let message = format!("the file refers to the entity \"{entity}\"");
    let problem = fault_at(file, line, ProblemKind::Syntax, message);
    expecting(problem, "text without entities of its own")
}

fn refused_document_type(file: &str, line: u32) -> Problem {
    let problem =
        fault_at(file, line, ProblemKind::Syntax, "the file has a document type (DOCTYPE)");
    expecting(problem, "a file without one: it could bring entities")
}

/// Bytes of an element's text that are kept. What is read is short; free texts of quality reports are long.
const LONGEST: usize = 10_000;

fn push(texts: &mut [String], part: &str) {
    if let Some(text) = texts.last_mut()
        && text.len() < LONGEST
    {
        text.push_str(part);
    }
}

/// The name without its prefix, as a part of the file.
fn local_name<'t>(text: &'t str, name: &str) -> &'t str {
    // The reader gives slices of the text that it reads; their place gives them the lifetime of the text.
    let start = (name.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    let name = text.get(start..start + name.len()).unwrap_or_default();
    name.rsplit(':').next().unwrap_or(name)
}

/// The letter of one of the five entities that every XML file has, or of a number.
fn resolve(entity: &quick_xml::events::BytesRef<'_>) -> Option<char> {
    let name: &str = entity;
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => entity.resolve_char_ref().ok().flatten(),
    }
}

/// Events of the reader, such as comments, in which the first element must come.
const EVENTS_AHEAD: usize = 50;

/// The name of the first element, without its prefix; `None` where there is none near the beginning.
pub(super) fn first_element(text: &str) -> Option<&str> {
    let mut reader = Reader::from_str(text);
    for _ in 0..EVENTS_AHEAD {
        match reader.read_event().ok()? {
            Event::Start(start) | Event::Empty(start) => {
                return Some(local_name(text, start.name().into_inner()));
            }
            Event::Eof => return None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An element that ended: path, text, and the line of the element that was opened last.
    type Leaf = (String, String, u32);

    #[derive(Default)]
    struct Leaves {
        leaves: Vec<Leaf>,
        line: u32,
    }

    impl Visitor for Leaves {
        fn open(&mut self, _: &[&str], line: u32) {
            self.line = line;
        }
        fn close(&mut self, path: &[&str], text: &str) {
            self.leaves.push((path.join("/"), text.to_owned(), self.line));
        }
    }

    fn leaves(text: &str) -> Result<Vec<Leaf>, Problem> {
        let mut visitor = Leaves::default();
        walk("f.xml", text, &mut visitor)?;
        Ok(visitor.leaves)
    }

    #[test]
    fn elements_come_with_their_path_text_and_line() {
        let text = "<?xml version=\"1.0\"?>\n<n:a x=\"1\">\n <b>1 &lt; 2 &#228;</b>\n<c/></n:a>";
        let leaf = |path: &str, text: &str, line| (path.to_owned(), text.to_owned(), line);
        let expected = [leaf("a/b", "1 < 2 ä", 3), leaf("a/c", "", 4), leaf("a", "", 4)];
        assert_eq!(leaves(text).unwrap(), expected);
    }

    #[test]
    fn entities_document_types_and_broken_files_are_refused_with_their_line() {
        let line = |text: &str| leaves(text).unwrap_err().line;
        assert_eq!(line("<a>\n&lol;</a>"), Some(2));
        assert_eq!(line("<!DOCTYPE a [<!ENTITY lol \"lol\">]>\n<a/>"), Some(1));
        assert_eq!(line("<a>\n<b></a>"), Some(2));
        assert_eq!(line("<a>\n<b>"), Some(2));
        assert!(leaves(&"<a>".repeat(1000)).is_err());
    }
}
