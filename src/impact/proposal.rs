//! Cooperations that somebody proposes in words: new ones, and other hours of one that there is.

use std::collections::BTreeMap;

use serde::Serialize;

use super::CandidateKind;
use crate::calendar::{Hours, ParseHoursError};
use crate::model::{Cooperation, CooperationId, Network, Parties};
use crate::names::{self, Entry, NameError};
use crate::region::Region;

/// Words of an agreement beyond which no names are looked for in them.
const MOST_WORDS: usize = 24;

/// Why words are no cooperation.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ProposalError {
    /// There are too few or too many words.
    #[error("{}", said!("\"{error}\" is no agreement; write \"KIND FROM TO FIELD\" with keys of hospitals", error = _0))]
    NoAgreement(String),
    /// The first word is no kind of cooperation.
    #[error("{}", said!("{error}\nthere are: {kinds}", error = _0, kinds = CandidateKind::ALL.map(CandidateKind::key).join(", ")))]
    Kind(NameError),
    /// A hospital or field is unknown, or could be several.
    #[error(transparent)]
    Name(#[from] NameError),
    /// Both hospitals are the same, by its key.
    #[error("{}", said!("\"{error}\" cannot work with itself", error = _0))]
    WithItself(String),
    /// In no reading of the words there are two hospitals and a field.
    #[error("{}", said!("\"{error}\" names no two hospitals and a field; write \"KIND FROM TO FIELD\" with their keys", error = _0))]
    NoReading(String),
    /// More than one reading fits.
    #[error("{}", said!("\"{error}\" can be read in several ways; write the keys of the hospitals", error = _0))]
    SeveralReadings(String),
    /// A cooperation without hours.
    #[error("{}", said!("\"{error}\" names no hours; write \"COOPERATION HOURS\"", error = _0))]
    NoHours(String),
    /// No cooperation of the network is called so.
    #[error(transparent)]
    Cooperation(NameError),
    /// What stands behind the cooperation are no hours.
    #[error(transparent)]
    Hours(#[from] ParseHoursError),
}

/// A new cooperation, at all hours, written as `KIND FROM TO FIELD`, with keys or names. Names of several words may
/// stand for keys where only one reading of the words fits.
///
/// # Errors
///
/// When the words are no agreement, or name something that is unknown or not unique.
///
/// # Example
///
/// ```
/// use verbund::impact::proposed;
///
/// let region = verbund::Region::leipzig()?;
/// let text = "telemedicine fkh-hubertusburg kkh-torgau neurology";
/// let cooperation = proposed(&region, text)?;
/// assert_eq!(cooperation.key, "added-telemedicine-fkh-hubertusburg-kkh-torgau-neurology");
/// assert!(proposed(&region, "telemedicine kkh-torgau kkh-torgau neurology").is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn proposed(region: &Region, text: &str) -> Result<Cooperation, ProposalError> {
    // Readings grow with the square of the words, and each looks names up.
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.len() < 4 || words.len() > MOST_WORDS {
        return Err(ProposalError::NoAgreement(text.to_owned()));
    }
    let entries = CandidateKind::ALL.map(|kind| Entry::new(kind.key(), kind.key()));
    let kind = names::pick("kind", words[0], &entries).map_err(ProposalError::Kind)?;
    let kind = CandidateKind::ALL[kind];

    let words = &words[1..];
    if let [from, to, field] = words {
        return Agreement { kind, from, to, field }.cooperation(region);
    }
    // Every cut of the words in two hospitals and a field is read. Two readings that mean the same have one key.
    let mut readings: BTreeMap<String, Cooperation> = BTreeMap::new();
    for behind_from in 1..words.len() - 1 {
        for behind_to in behind_from + 1..words.len() {
            let from = &words[..behind_from].join(" ");
            let to = &words[behind_from..behind_to].join(" ");
            let field = &words[behind_to..].join(" ");
            if let Ok(reading) = (Agreement { kind, from, to, field }).cooperation(region) {
                readings.insert(reading.key.clone(), reading);
            }
        }
    }

    let mut readings = readings.into_values();
    match (readings.next(), readings.next()) {
        (Some(reading), None) => Ok(reading),
        (None, _) => Err(ProposalError::NoReading(text.to_owned())),
        (Some(_), Some(_)) => Err(ProposalError::SeveralReadings(text.to_owned())),
    }
}

/// The words of a new cooperation, with keys: what [`proposed`] reads.
pub fn proposal_in_words(added: &Cooperation) -> String {
    // With terms of its own it is none of those that can be typed, and is called as files call it.
    let kind = match CandidateKind::ALL.into_iter().find(|kind| kind.kind() == added.kind) {
        Some(candidate) => candidate.key(),
        None => added.kind.name(),
    };
    let partners = match &added.parties {
        Parties::Directed { from, to } => format!("{from} {}", to.join(" ")),
        Parties::Mutual(partners) => partners.join(" "),
    };
    format!("{kind} {partners} {}", added.fields.join(" "))
}

/// The parts of an agreement as they are typed.
struct Agreement<'t> {
    kind: CandidateKind,
    from: &'t str,
    to: &'t str,
    field: &'t str,
}

impl Agreement<'_> {
    fn cooperation(&self, region: &Region) -> Result<Cooperation, ProposalError> {
        let network = region.network();
        let from = network[region.find_hospital(self.from)?].key.clone();
        let to = network[region.find_hospital(self.to)?].key.clone();
        if from == to {
            return Err(ProposalError::WithItself(from));
        }
        let field = find_field(network, self.field)?;
        let key = format!("added-{}-{from}-{to}-{field}", self.kind.key());
        let parties = Parties::Directed { from, to: vec![to] };
        Ok(Cooperation::new(key, self.kind.kind(), parties).fields(&[field.as_str()]))
    }
}

/// The key of the field that a typed name means: a specialty, or another field of cooperation.
///
/// # Errors
///
/// When nothing fits, or several do.
pub fn find_field(network: &Network, typed: &str) -> Result<String, NameError> {
    let catalog = network.catalog();
    let mut entries: Vec<Entry<'_>> = Vec::new();
    for specialty in &catalog.specialties {
        let entry = Entry::new(&specialty.key, &specialty.name).or(&specialty.name_de);
        entries.push(entry.known_by_key());
    }
    for field in &catalog.fields {
        entries.push(Entry::new(&field.key, &field.name).or(&field.name_de).known_by_key());
    }
    let index = names::pick("field", typed, &entries)?;
    Ok(entries[index].key.to_owned())
}

/// Other hours of a cooperation that there is, written as `COOPERATION HOURS`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct OtherHours {
    /// The cooperation.
    pub cooperation: CooperationId,
    /// The hours in which it works instead.
    pub hours: Hours,
}

impl OtherHours {
    /// A name and hours with a space between; the name ends before the first words that are hours.
    ///
    /// # Errors
    ///
    /// When there are no hours, or no cooperation is called so.
    ///
    /// # Example
    ///
    /// ```
    /// use verbund::impact::OtherHours;
    ///
    /// let region = verbund::Region::leipzig()?;
    /// let network = region.network();
    /// let limited = OtherHours::read(network, "tessa-eilenburg Mon-Fri 8-16")?;
    /// assert_eq!(limited.cooperation(network).hours, "Mon-Fri 8-16".parse()?);
    /// assert!(OtherHours::read(network, "tessa-eilenburg").is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn read(network: &Network, text: &str) -> Result<Self, ProposalError> {
        let text = text.trim();
        let mut first = None;
        let mut meant = None;
        for (space, _) in text.match_indices(char::is_whitespace) {
            // Names and hours have spaces both: the first cut behind which all are hours is meant.
            let parts = text.split_at(space);
            first = first.or(Some(parts));
            if parts.1.trim().parse::<Hours>().is_ok() {
                meant = Some(parts);
                break;
            }
        }
        let Some((name, hours)) = meant.or(first) else {
            return Err(ProposalError::NoHours(text.to_owned()));
        };

        let index = names::pick_from("cooperation", name, network.cooperations())
            .map_err(ProposalError::Cooperation)?;
        let key = &network.cooperations()[index].key;
        let cooperation =
            network.find_cooperation(key).ok_or(ProposalError::NoHours(text.to_owned()))?;
        Ok(Self { cooperation, hours: hours.trim().parse::<Hours>()? })
    }

    /// The cooperation with these hours.
    ///
    /// # Panics
    ///
    /// When the network has fewer cooperations.
    pub fn cooperation(&self, network: &Network) -> Cooperation {
        Cooperation { hours: self.hours, ..network[self.cooperation].clone() }
    }
}
