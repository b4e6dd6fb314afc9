//! XML, walked element by element: nothing is expanded, and nothing is kept but what a visitor keeps.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::faults::fault_at;
use crate::model::{Problem, ProblemKind};

/// What looks at the elements of a file.
pub(super) trait Visitor {
    /// An element begins; its name is the last of the path, in line `line`.
    fn open(&mut self, path: &[&str], line: u32);
    /// An element ends; `text` is what stands in it beside other elements, without blanks around it.
    fn close(&mut self, path: &[&str], text: &str);
}

/// Deepest element: official files have less than 20 in each other.
const DEEPEST: usize = 100;

/// Counts lines up to growing offsets.
struct Lines<'t> {
    text: &'t str,
    offset: usize,
    line: u32,
}

impl Lines<'_> {
    fn at(&mut self, offset: usize) -> u32 {
        let offset = offset.min(self.text.len());
        if offset > self.offset {
            let between = &self.text.as_bytes()[self.offset..offset];
            self.line += between.iter().filter(|byte| **byte == b'\n').count() as u32;
            self.offset = offset;
        }
        self.line
    }
}

/// Walks through a file. Names are without their prefix. Document types and entities of one's own are refused: no
/// official file has any, and they can make a small file endless.
pub(super) fn walk(file: &str, text: &str, visitor: &mut dyn Visitor) -> Result<(), Problem> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let mut lines = Lines { text, offset: 0, line: 1 };
    let mut path: Vec<&str> = Vec::new();
    let mut own_text: Vec<String> = vec![String::new()];
    loop {
        let offset = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let line = lines.at(offset);
        let refuse = |kind: ProblemKind, message: String| Err(fault_at(file, line, kind, message));
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(error) => {
                let offset = usize::try_from(reader.error_position()).unwrap_or(offset);
                let line = lines.at(offset);
                let message = format!("the XML is broken: {error}");
                return Err(fault_at(file, line, ProblemKind::Syntax, message));
            }
        };
        match event {
            Event::Start(start) => {
                if path.len() == DEEPEST {
                    let message = format!("more than {DEEPEST} elements within each other");
                    return refuse(ProblemKind::Range, message);
                }
                path.push(local_name(text, start.name().into_inner()));
                own_text.push(String::new());
                visitor.open(&path, line);
            }
            Event::Empty(start) => {
                path.push(local_name(text, start.name().into_inner()));
                visitor.open(&path, line);
                visitor.close(&path, "");
                path.pop();
            }
            Event::End(_) => {
                let text = own_text.pop().unwrap_or_default();
                visitor.close(&path, text.trim());
                path.pop();
            }
            Event::Text(part) => push(&mut own_text, &part.xml10_content()),
            Event::CData(part) => push(&mut own_text, &part.into_inner()),
            Event::GeneralRef(entity) => {
                let Some(letter) = resolve(&entity) else {
                    let message = format!("the entity &{};", &*entity);
                    let problem = fault_at(file, line, ProblemKind::Syntax, message);
                    let expected = "text without entities of its own".to_owned();
                    return Err(Problem { expected, ..problem });
                };
                push(&mut own_text, letter.encode_utf8(&mut [0; 4]));
            }
            Event::DocType(_) => {
                let problem =
                    fault_at(file, line, ProblemKind::Syntax, "a document type (DOCTYPE)");
                let expected = "a file without one: it could bring entities".to_owned();
                return Err(Problem { expected, ..problem });
            }
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
    if let Some(open) = path.last() {
        let line = lines.at(text.len());
        let message = format!("the file ends within <{open}>");
        return Err(fault_at(file, line, ProblemKind::Syntax, message));
    }
    Ok(())
}

/// Longest text of an element that is kept; what is needed is short.
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

/// The name of the first element, without its prefix; `None` where there is none near the beginning.
pub(super) fn first_element(text: &str) -> Option<&str> {
    let mut reader = Reader::from_str(text);
    for _ in 0..50 {
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

    #[derive(Default)]
    struct Leaves(Vec<(String, String, u32)>, u32);

    impl Visitor for Leaves {
        fn open(&mut self, _: &[&str], line: u32) {
            self.1 = line;
        }
        fn close(&mut self, path: &[&str], text: &str) {
            self.0.push((path.join("/"), text.to_owned(), self.1));
        }
    }

    fn leaves(text: &str) -> Result<Vec<(String, String, u32)>, Problem> {
        let mut leaves = Leaves::default();
        walk("f.xml", text, &mut leaves).map(|()| leaves.0)
    }

    #[test]
    fn elements_come_with_their_path_text_and_line() {
        let found =
            leaves("<?xml version=\"1.0\"?>\n<n:a x=\"1\">\n <b>1 &lt; 2 &#228;</b>\n<c/></n:a>");
        let own = |path: &str, text: &str, line| (path.to_owned(), text.to_owned(), line);
        assert_eq!(found.unwrap(), [own("a/b", "1 < 2 ä", 3), own("a/c", "", 4), own("a", "", 4)]);
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
