//! What single cooperations change, in short.

use rayon::prelude::*;
use serde::Serialize;

use crate::impact::{self, CooperationValue, Study};
use crate::model::{Measure, Network, Pathway, Published, Urgency};
use crate::pathways::{PathwayError, Prepared, Protocol, Query};
use crate::region::Region;

/// What single cooperations change, over all pathways and the whole week, under several protocols.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CooperationsInShort {
    /// The protocols, the leading one first: [`impact::PROTOCOLS`].
    pub protocols: Vec<Protocol>,
    /// Whether some pathway is elective, so that its patients choose themselves under every protocol.
    pub has_elective: bool,
    /// Every cooperation that changes anything for anybody under some protocol, by what it saves under the
    /// leading one: the most first.
    pub changes: Vec<CooperationChange>,
    /// By pathway of which somebody published how many patients are handed on: that beside the model.
    pub handed_on: Vec<HandedOn>,
}

/// What one cooperation changes.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CooperationChange {
    /// Its key.
    pub cooperation: String,
    /// What kind it is, as files write it: `Telemedicine`.
    pub kind: &'static str,
    /// By protocol; `None` where it can serve no pathway.
    pub values: Vec<Option<CooperationValue>>,
}

/// How many patients of a pathway are handed on to another hospital.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct HandedOn {
    /// Key of the pathway.
    pub pathway: String,
    /// The share under the leading protocol, 0 to 1.
    pub lead: f64,
    /// The share under the protocol beside it, 0 to 1.
    pub beside: f64,
    /// The last figure that was published.
    pub published: Published,
}

impl HandedOn {
    /// Whether the leading protocol is as near to what was published as the one beside it, or nearer.
    pub fn is_lead_nearer(&self) -> bool {
        let published = self.published.value;
        (self.lead - published).abs() <= (self.beside - published).abs()
    }
}

impl CooperationsInShort {
    /// Values every cooperation of a region under [`impact::PROTOCOLS`].
    pub(super) fn of(region: &Region) -> Result<Self, PathwayError> {
        let pathways: Vec<&Pathway> = region.network().catalog().pathways.iter().collect();
        let [lead, beside] = impact::PROTOCOLS;
        let lead = Study::new(region, &pathways, &[], Query::default().protocol(lead))?;
        let beside = lead.under(beside);
        let handed_on =
            pathways.par_iter().filter_map(|pathway| handed_on(region, pathway)).collect();

        Ok(Self {
            protocols: impact::PROTOCOLS.to_vec(),
            has_elective: pathways.iter().any(|pathway| pathway.urgency == Urgency::Elective),
            changes: changes(&lead, &beside),
            handed_on,
        })
    }
}

/// The cooperations that change anything under one of two studies, in the order of the first.
fn changes(lead: &Study<'_>, beside: &Study<'_>) -> Vec<CooperationChange> {
    let (values, values_beside) = (lead.values(), beside.values());

    let mut changes = Vec::new();
    for value in values {
        // The studies rank anew, each by its own protocol.
        let id = value.cooperation;
        let twin = values_beside.iter().find(|twin| twin.cooperation == id).cloned();
        let matters_beside = twin.as_ref().is_some_and(matters);
        if !matters(&value) && !matters_beside {
            continue;
        }
        let cooperation = lead.cooperation(id);
        changes.push(CooperationChange {
            cooperation: cooperation.key.clone(),
            kind: cooperation.kind.name(),
            values: vec![Some(value), twin],
        });
    }
    changes
}

/// Whether anything changes for anybody, given the others or alone.
fn matters(value: &CooperationValue) -> bool {
    !value.total().is_nothing() || !value.total_alone().is_nothing()
}

/// How many patients of a pathway are handed on under the two protocols; `None` where nobody published that, or
/// where nobody can do a stage.
fn handed_on(region: &Region, pathway: &Pathway) -> Option<HandedOn> {
    // Where several figures were published, the last one of the file counts.
    let published = *published_handed_on(region.network(), &pathway.key).last()?;
    let prepared = Prepared::new(region, pathway, &[]).ok()?;
    let share = |protocol| {
        let outcome = prepared.evaluate(&Query::default().protocol(protocol)).ok()?;
        Some(outcome.loads().ways.transfer)
    };

    let [lead, beside] = impact::PROTOCOLS.map(share);
    Some(HandedOn {
        pathway: pathway.key.clone(),
        lead: lead?,
        beside: beside?,
        published: published.clone(),
    })
}

/// What was published about how many patients of a pathway are handed on, in the order of the network.
pub(crate) fn published_handed_on<'n>(network: &'n Network, pathway: &str) -> Vec<&'n Published> {
    let mut figures = Vec::new();
    for figure in network.published() {
        let is_of_pathway = figure.pathway.as_deref() == Some(pathway);
        if figure.measure == Measure::ShareHandedOn && is_of_pathway {
            figures.push(figure);
        }
    }
    figures
}
