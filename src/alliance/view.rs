//! An alliance at a glance: who is in it, what it is for, and what membership does to care.

use std::collections::BTreeSet;

use serde::Serialize;

use super::error::AllianceError;
use super::indicators::{Member, find, members_of};
use crate::model::{Alliance, Hospital, Network, Purpose};
use crate::words;

/// An alliance with its members and what the network knows of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct AllianceView {
    /// The alliance.
    pub alliance: Alliance,
    /// Members in the network, in the order of the alliance, then those outside of it.
    pub members: Vec<Member>,
    /// How many members the network holds.
    pub in_network: usize,
    /// Those of them that lie inside of the region.
    pub inside: usize,
    /// Members of whom nobody published a name: what a source says of their number, less those named; `None` where no
    /// source says how many there are.
    pub unnamed: Option<u32>,
    /// Keys of the cooperations that name two members or more, in the order of the network.
    pub cooperations: Vec<String>,
    /// Those of them that can change what happens to a patient.
    pub with_effect_on_care: Vec<String>,
}

impl AllianceView {
    /// The share of all members that the network holds, 0 to 1; `None` where their number is unknown or 0.
    pub fn share_in_network(&self) -> Option<f64> {
        let total = self.alliance.total_members.filter(|total| *total > 0)?;
        Some(self.in_network as f64 / f64::from(total))
    }

    /// What membership does and does not do to care, in a sentence.
    ///
    /// Membership alone draws no edge: whatever the purpose, no time, no bed and no verdict of the network depends on it.
    /// What members do for patients stands in cooperations.
    pub fn effect_on_care(&self) -> String {
        words::kept(|| match self.with_effect_on_care.len() {
            0 => said!(
                "membership alone changes nothing for patients; no cooperation among its members does"
            ),
            1 => said!(
                "membership alone changes nothing for patients; one cooperation among its members can"
            ),
            count => said!(
                "membership alone changes nothing for patients; {count} cooperations among its members can",
                count
            ),
        })
    }
}

/// An alliance of a network by its key.
///
/// # Errors
///
/// When there is none of this key.
///
/// ```
/// use verbund::Region;
/// use verbund::alliance::alliance_view;
///
/// let region = Region::leipzig()?;
/// let akg = alliance_view(region.network(), "akg")?;
/// assert_eq!((akg.members.len(), akg.in_network, akg.unnamed), (17, 2, Some(13)));
/// assert_eq!(akg.effect_on_care(), "membership alone changes nothing for patients; no cooperation among its members does");
/// assert!(alliance_view(region.network(), "agk").is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn alliance_view(network: &Network, key: &str) -> Result<AllianceView, AllianceError> {
    let alliance = find(network, key)?;
    let members = members_of(network, alliance);
    let keys: BTreeSet<&str> = alliance.members.iter().map(String::as_str).collect();
    let (mut cooperations, mut with_effect_on_care) = (Vec::new(), Vec::new());
    // One member and somebody else is no cooperation among members.
    for cooperation in network.cooperations() {
        if count_among(&cooperation.parties.keys(), &keys) < 2 {
            continue;
        }
        cooperations.push(cooperation.key.clone());
        if cooperation.kind.has_effect_on_care() {
            with_effect_on_care.push(cooperation.key.clone());
        }
    }

    let mut inside = 0;
    let mut in_network = 0;
    for member in &members {
        if let Some(hospital) = member.hospital {
            in_network += 1;
            inside += usize::from(!network[hospital].outside);
        }
    }
    let named = members.len() as u32;
    // A source may count fewer than are named, when somebody joined since.
    let unnamed = alliance.total_members.map(|total| total.saturating_sub(named));
    Ok(AllianceView {
        alliance: alliance.clone(),
        members,
        in_network,
        inside,
        unnamed,
        cooperations,
        with_effect_on_care,
    })
}

/// The alliances of which a hospital is a member, in the order of the network.
pub fn alliances_of<'n>(network: &'n Network, hospital: &Hospital) -> Vec<&'n Alliance> {
    let mut alliances = Vec::new();
    for alliance in network.alliances() {
        if alliance.members.contains(&hospital.key) {
            alliances.push(alliance);
        }
    }
    alliances
}

/// What an alliance is for, in a word.
pub fn purpose_in_words(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Benchmarking => "comparing figures",
        Purpose::Policy => "speaking with one voice",
        Purpose::Ownership => "a common owner",
        Purpose::Quality => "a certificate, common standards",
        Purpose::Care => "caring for patients together",
    }
}

fn count_among(parties: &[&str], members: &BTreeSet<&str>) -> usize {
    let parties: BTreeSet<&str> = parties.iter().copied().collect();
    parties.intersection(members).count()
}
