//! Indicators: what members are compared by, and what each of them counted.

use std::collections::BTreeSet;

use serde::Serialize;

use super::counts::Law;
use super::error::{AllianceError, FigureError};
use super::overdispersion::Scale;
use crate::model::{Alliance, HospitalId, Network};
use crate::names::Entry as Named;

/// Which way an indicator should go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// More is better.
    HigherIsBetter,
    /// Less is better.
    LowerIsBetter,
    /// Neither: it describes a member.
    Neutral,
}

/// What an indicator counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum IndicatorKind {
    /// Events among cases: a count and a denominator, which it never exceeds.
    Share,
    /// Events beside those expected of these patients: a count and an expected number.
    Ratio,
    /// Events over an exposure, such as bed days: a count and a denominator, which it may exceed.
    Rate,
    /// A number by itself, such as beds: no chance, no limits.
    Value,
}

/// An indicator, as the data dictionary describes it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Indicator {
    /// Written key, unique in the dictionary.
    pub key: String,
    /// What tables call it.
    pub name: String,
    /// What it counts.
    pub kind: IndicatorKind,
    /// Which way it should go.
    pub direction: Direction,
    /// The unit of its value, such as `per 1,000 bed days`, `beds`, `%`.
    pub unit: String,
    /// What its value is multiplied by for people: 100 for per cent, 1,000 for events per 1,000; above 0.
    pub per: f64,
    /// The value, before it is multiplied, that a member should keep; `None` where nobody set one.
    pub reference: Option<f64>,
    /// Where its definition comes from.
    pub source: String,
    /// What exactly is counted, in words.
    pub definition: String,
}

/// What a member counted in a year.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    /// Events among cases.
    Share {
        /// Events, at most the cases.
        events: u64,
        /// Cases, at least 1.
        cases: u64,
    },
    /// Events beside those expected.
    Ratio {
        /// Events.
        events: u64,
        /// Expected events, above 0.
        expected: f64,
    },
    /// Events over an exposure.
    Rate {
        /// Events.
        events: u64,
        /// Exposure, above 0.
        exposure: f64,
    },
    /// A number by itself.
    Value(f64),
}

impl Figure {
    /// The share, ratio, rate or number, before it is multiplied for people.
    pub fn value(&self) -> f64 {
        match *self {
            Self::Share { events, cases } => events as f64 / cases as f64,
            Self::Ratio { events, expected } => events as f64 / expected,
            Self::Rate { events, exposure } => events as f64 / exposure,
            Self::Value(number) => number,
        }
    }

    /// How large the member is for this indicator: cases, expected events or exposure; `None` of a bare number.
    pub fn base(&self) -> Option<f64> {
        match *self {
            Self::Share { cases, .. } => Some(cases as f64),
            Self::Ratio { expected, .. } => Some(expected),
            Self::Rate { exposure, .. } => Some(exposure),
            Self::Value(_) => None,
        }
    }

    /// The events; `None` of a bare number.
    pub fn events(&self) -> Option<u64> {
        match *self {
            Self::Share { events, .. } | Self::Ratio { events, .. } | Self::Rate { events, .. } => {
                Some(events)
            }
            Self::Value(_) => None,
        }
    }

    /// The law of the events when the member is at the centre; `None` of a bare number.
    ///
    /// # Errors
    ///
    /// When the centre is no value of the kind.
    pub fn law(&self, centre: f64) -> Result<Option<Law>, FigureError> {
        match *self {
            Self::Share { cases, .. } => Law::binomial(cases, centre).map(Some),
            Self::Ratio { expected: base, .. } | Self::Rate { exposure: base, .. } => {
                Law::poisson(base * centre).map(Some)
            }
            Self::Value(_) => Ok(None),
        }
    }

    /// The scale on which members with such figures are compared; `None` of a bare number.
    pub fn scale(&self) -> Option<Scale> {
        match self {
            Self::Share { .. } => Some(Scale::Arcsine),
            Self::Ratio { .. } | Self::Rate { .. } => Some(Scale::RootRatio),
            Self::Value(_) => None,
        }
    }
}

/// Where a figure comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Origin {
    /// Somebody entered it.
    Entered,
    /// The network gives it.
    Computed,
}

/// The figure of a member, a year and an indicator.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    /// The member: its position in [`IndicatorTable::members`].
    pub member: usize,
    /// The year that it is about.
    pub year: i16,
    /// The indicator: its position in [`IndicatorTable::indicators`].
    pub indicator: usize,
    /// What was counted.
    pub figure: Figure,
    /// Where it comes from.
    pub origin: Origin,
}

/// A member of an alliance.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Member {
    /// Its key: that of the hospital, or the name where the network does not hold it.
    pub key: String,
    /// Its name.
    pub name: String,
    /// The hospital; `None` where the network does not hold it.
    pub hospital: Option<HospitalId>,
}

impl<'a> From<&'a Indicator> for Named<'a> {
    fn from(indicator: &'a Indicator) -> Self {
        Self::new(&indicator.key, &indicator.name)
    }
}

impl<'a> From<&'a Member> for Named<'a> {
    fn from(member: &'a Member) -> Self {
        Self::new(&member.key, &member.name)
    }
}

/// The members of an alliance: hospitals of the network in the order of the alliance, then those outside of it.
///
/// ```
/// use verbund::Region;
/// use verbund::alliance::members_of;
///
/// let region = Region::leipzig()?;
/// let network = region.network();
/// let akg = network.alliances().iter().find(|alliance| alliance.key == "akg").ok_or("no AKG")?;
/// let members = members_of(network, akg);
/// assert_eq!((members.len(), members[0].key.as_str()), (17, "st-georg-leipzig"));
/// assert!(members[2].hospital.is_none() && members[2].key == "Vivantes Berlin");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn members_of(network: &Network, alliance: &Alliance) -> Vec<Member> {
    let mut members = Vec::new();
    for key in &alliance.members {
        // A member that is not there on the day of the network stays a member, by its key.
        let hospital = network.find(key);
        let name = hospital.map_or_else(|| key.clone(), |hospital| network[hospital].name.clone());
        members.push(Member { key: key.clone(), name, hospital });
    }
    for name in &alliance.other_members {
        members.push(Member { key: name.clone(), name: name.clone(), hospital: None });
    }
    members
}

/// The alliance of a key.
pub(super) fn find<'n>(network: &'n Network, key: &str) -> Result<&'n Alliance, AllianceError> {
    let mut alliances = network.alliances().iter();
    let alliance = alliances.find(|candidate| candidate.key == key);
    alliance.ok_or_else(|| AllianceError::unknown(network, key))
}

/// Indicators of the members of an alliance.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IndicatorTable {
    /// Key of the alliance.
    pub alliance: String,
    /// Its members, also those without a figure.
    pub members: Vec<Member>,
    /// The indicators, as the dictionary orders them.
    pub indicators: Vec<Indicator>,
    /// The figures; one at most for a member, a year and an indicator.
    pub entries: Vec<Entry>,
}

impl IndicatorTable {
    /// A table without indicators; `None` where the network has no such alliance.
    pub fn new(network: &Network, alliance: &str) -> Option<Self> {
        let alliance = find(network, alliance).ok()?;
        Some(Self {
            alliance: alliance.key.clone(),
            members: members_of(network, alliance),
            indicators: Vec::new(),
            entries: Vec::new(),
        })
    }

    /// The position of an indicator by its key.
    pub fn find_indicator(&self, key: &str) -> Option<usize> {
        self.indicators.iter().position(|indicator| indicator.key == key)
    }

    /// The years with figures of an indicator, rising.
    pub fn years(&self, indicator: usize) -> Vec<i16> {
        let mut years = Vec::new();
        for entry in &self.entries {
            if entry.indicator == indicator {
                years.push(entry.year);
            }
        }
        years.sort_unstable();
        years.dedup();
        years
    }

    /// The figures of an indicator in a year, in the order of the members.
    pub fn in_year(&self, indicator: usize, year: i16) -> Vec<&Entry> {
        let mut entries = Vec::new();
        for entry in &self.entries {
            if entry.indicator == indicator && entry.year == year {
                entries.push(entry);
            }
        }
        entries.sort_by_key(|entry| entry.member);
        entries
    }

    /// A member's values of an indicator over the years, rising.
    pub fn over_years(&self, indicator: usize, member: usize) -> Vec<(i16, f64)> {
        let mut values = Vec::new();
        for entry in &self.entries {
            if entry.indicator == indicator && entry.member == member {
                values.push((entry.year, entry.figure.value()));
            }
        }
        values.sort_by_key(|(year, _)| *year);
        values
    }

    /// Adds the indicators and figures of another table of the same alliance; an indicator that both have keeps its first
    /// description, and a figure that both have its first value.
    pub fn append(&mut self, table: Self) {
        // Positions differ from table to table, keys do not.
        let mut positions = Vec::new();
        for indicator in table.indicators {
            let position = self.find_indicator(&indicator.key).unwrap_or_else(|| {
                self.indicators.push(indicator);
                self.indicators.len() - 1
            });
            positions.push(position);
        }
        let mut known = BTreeSet::new();
        for entry in &self.entries {
            known.insert((entry.member, entry.year, entry.indicator));
        }
        for mut entry in table.entries {
            entry.indicator = positions[entry.indicator];
            let is_of_member = entry.member < self.members.len();
            if is_of_member && known.insert((entry.member, entry.year, entry.indicator)) {
                self.entries.push(entry);
            }
        }
    }
}
