//! Service groups (Leistungsgruppen) of annex 1 SGB V, and what is assumed about who offers them.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::model::Requirement;

/// The number of intensive care, the only service group with grades.
pub const INTENSIVE_CARE: u8 = 64;

/// The greatest number that a service group may have.
pub const LAST_GROUP: u8 = 99;

/// A grade of intensive care, in rising order: the higher one includes the lower one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum IntensiveGrade {
    /// Komplex, written `64K`.
    Complex,
    /// Hochkomplex, written `64H`.
    HighlyComplex,
}

/// A service group by its number, with a grade where intensive care is asked for in one.
///
/// Written `14`, `64`, `64K` or `64H`. In their order: by number, plain before graded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupRef {
    /// The number, 1 to 99.
    pub number: u8,
    /// The least grade; `None` for any.
    pub grade: Option<IntensiveGrade>,
}

impl GroupRef {
    /// The group of this number, in whatever grade.
    pub const fn plain(number: u8) -> Self {
        Self { number, grade: None }
    }
}

impl fmt::Display for GroupRef {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let grade = match self.grade {
            None => "",
            Some(IntensiveGrade::Complex) => "K",
            Some(IntensiveGrade::HighlyComplex) => "H",
        };
        write!(out, "{}{grade}", self.number)
    }
}

impl Serialize for GroupRef {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// A text that names no service groups.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", said!("\"{text}\" names no service groups; expected such as 14 1 64K any(10|11) atleast(2;5;38)", text))]
pub struct ParseGroupsError {
    /// The part that cannot be read.
    pub text: String,
}

impl FromStr for GroupRef {
    type Err = ParseGroupsError;

    fn from_str(text: &str) -> Result<Self, ParseGroupsError> {
        let wrong = || ParseGroupsError { text: text.to_owned() };
        let word = text.trim();
        let (digits, grade) = match word.strip_suffix('K') {
            Some(rest) => (rest, Some(IntensiveGrade::Complex)),
            None => match word.strip_suffix('H') {
                Some(rest) => (rest, Some(IntensiveGrade::HighlyComplex)),
                None => (word, None),
            },
        };

        // `parse` would take a plus sign.
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(wrong());
        }
        let number: u8 = digits.parse().map_err(|_| wrong())?;
        // Only intensive care has grades in annex 1.
        let graded = grade.is_none() || number == INTENSIVE_CARE;
        let is_group = (1..=LAST_GROUP).contains(&number) && graded;
        is_group.then_some(Self { number, grade }).ok_or_else(wrong)
    }
}

/// One clause of what a service group needs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GroupTerm {
    /// This group.
    Group(GroupRef),
    /// At least so many of these; `any(a|b)` is one of them.
    AtLeast(u32, Vec<GroupTerm>),
}

impl GroupTerm {
    /// Whether it holds, when `has` says which groups there are.
    ///
    /// ```
    /// use verbund::model::GroupTerms;
    ///
    /// let kidney: GroupTerms = "atleast(2;5;38;any(30|31))".parse()?;
    /// assert!(kidney.0[0].holds(&|group| [5, 31].contains(&group.number)));
    /// assert!(!kidney.0[0].holds(&|group| [30, 31].contains(&group.number)));
    /// # Ok::<(), verbund::model::ParseGroupsError>(())
    /// ```
    pub fn holds(&self, has: &dyn Fn(GroupRef) -> bool) -> bool {
        match self {
            Self::Group(group) => has(*group),
            Self::AtLeast(count, parts) => {
                parts.iter().filter(|part| part.holds(has)).count() >= *count as usize
            }
        }
    }

    /// The groups that it names, in the order of the text.
    pub fn groups(&self) -> Vec<GroupRef> {
        match self {
            Self::Group(group) => vec![*group],
            Self::AtLeast(_, parts) => parts.iter().flat_map(Self::groups).collect(),
        }
    }

    /// Whether every number of parts can be reached: from 1 to as many as there are.
    pub(crate) fn is_possible(&self) -> bool {
        match self {
            Self::Group(_) => true,
            Self::AtLeast(count, parts) => {
                *count > 0 && *count as usize <= parts.len() && parts.iter().all(Self::is_possible)
            }
        }
    }
}

impl fmt::Display for GroupTerm {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let join = |parts: &[Self], between: &str| {
            parts.iter().map(ToString::to_string).collect::<Vec<_>>().join(between)
        };
        match self {
            Self::Group(group) => write!(out, "{group}"),
            Self::AtLeast(1, parts) => write!(out, "any({})", join(parts, "|")),
            Self::AtLeast(count, parts) => write!(out, "atleast({count};{})", join(parts, ";")),
        }
    }
}

impl Serialize for GroupTerm {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl FromStr for GroupTerm {
    type Err = ParseGroupsError;

    fn from_str(text: &str) -> Result<Self, ParseGroupsError> {
        let word = text.trim();
        let wrong = || ParseGroupsError { text: word.to_owned() };
        let inside = |start: &str| word.strip_prefix(start)?.strip_suffix(')');
        let read = |parts: Vec<&str>| parts.into_iter().map(str::parse).collect::<Result<_, _>>();
        // The table writes the most frequent count in a shorter way.
        if let Some(inner) = inside("any(") {
            return Ok(Self::AtLeast(1, read(split(inner, '|'))?));
        }

        // The count comes first, and is no part that could be met.
        if let Some(inner) = inside("atleast(") {
            let mut parts = split(inner, ';');
            let count = parts.remove(0).trim().parse().map_err(|_| wrong())?;
            if parts.is_empty() {
                return Err(wrong());
            }
            return Ok(Self::AtLeast(count, read(parts)?));
        }
        word.parse().map(Self::Group)
    }
}

/// Clauses that must all hold: `14 1 64K any(10|11) atleast(2;5;38)`; empty when nothing is needed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct GroupTerms(pub Vec<GroupTerm>);

impl GroupTerms {
    /// Whether nothing is needed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The groups that the clauses name, in the order of the text.
    pub fn groups(&self) -> Vec<GroupRef> {
        self.0.iter().flat_map(GroupTerm::groups).collect()
    }
}

impl fmt::Display for GroupTerms {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, term) in self.0.iter().enumerate() {
            let blank = if index > 0 { " " } else { "" };
            write!(out, "{blank}{term}")?;
        }
        Ok(())
    }
}

impl FromStr for GroupTerms {
    type Err = ParseGroupsError;

    fn from_str(text: &str) -> Result<Self, ParseGroupsError> {
        let mut terms = Vec::new();
        for word in split(text, ' ') {
            if !word.trim().is_empty() {
                terms.push(word.parse()?);
            }
        }
        Ok(Self(terms))
    }
}

impl Serialize for GroupTerms {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// Splits a text where the character stands outside of parentheses.
fn split(text: &str, mark: char) -> Vec<&str> {
    // Only outside of parentheses: a choice may stand within another one.
    let mut depth = 0_u32;
    text.split(move |letter| {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        letter == mark && depth == 0
    })
    .collect()
}

/// The block of a service group, by which federal levels count. A convention of North
/// Rhine-Westphalia, assumed here: groups 1 to 13 are internal, 14 to 34 surgical.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum GroupBlock {
    /// Internal medicine.
    Internal,
    /// Surgery.
    Surgical,
    /// All others.
    Other,
}

/// A service group (Leistungsgruppe) and what annex 1 SGB V asks of a site that has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ServiceGroup {
    /// Its number, 1 to 99.
    pub number: u8,
    /// Its official name.
    pub name: String,
    /// Its block.
    pub block: GroupBlock,
    /// Groups that must be there on the same site.
    #[serde(skip_serializing_if = "GroupTerms::is_empty")]
    pub site: GroupTerms,
    /// Groups that may also come by cooperation.
    #[serde(skip_serializing_if = "GroupTerms::is_empty")]
    pub cooperation: GroupTerms,
    /// Groups on the same site that make a site preferable; never required.
    #[serde(skip_serializing_if = "GroupTerms::is_empty")]
    pub selection_site: GroupTerms,
    /// Groups on the site or by cooperation that make it preferable; never required.
    #[serde(skip_serializing_if = "GroupTerms::is_empty")]
    pub selection_cooperation: GroupTerms,
    /// Least number of specialists; `None` where annex 1 names none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_specialists: Option<u32>,
    /// Where its criteria stand, when not in annex 1; those are not checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub elsewhere: Option<String>,
}

/// Who is taken to offer a service group, and which cooperations cover it: an assumption.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GroupOffer {
    /// The group, or a grade of intensive care.
    pub group: GroupRef,
    /// What a site must have; `None` when nothing in the data can show the group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offered_by: Option<Requirement>,
    /// Why nothing in the data can show it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown: Option<String>,
    /// Fields of which a cooperation must name one to cover the group.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// Groups beside which it is not offered.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unless: Vec<u8>,
}

/// What is assumed about service groups.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct GroupAssumptions {
    /// Who assumed it.
    pub source: String,
    /// Names of the kinds of cooperation that count as the written agreement.
    pub agreements: Vec<String>,
    /// Who offers what.
    pub offers: Vec<GroupOffer>,
}

/// The table of service groups.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ServiceGroups {
    /// Where it comes from, with its date.
    pub source: String,
    /// Licence of the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// The groups, in the order of the file.
    pub groups: Vec<ServiceGroup>,
}

impl ServiceGroups {
    /// The group of this number.
    pub fn group(&self, number: u8) -> Option<&ServiceGroup> {
        self.groups.iter().find(|group| group.number == number)
    }
}
