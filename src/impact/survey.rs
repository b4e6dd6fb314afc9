//! Every kind of cooperation in every field: what brings anything, and why the rest does not.

use serde::Serialize;

use super::candidates::Pair;
use super::suggest::cooperation;
use super::{CandidateKind, Effect, Served, Sought, Study, Suggestion, suggest};
use crate::model::{HospitalId, Pathway};
use crate::pathways::{Outage, PathwayError, Protocol, Query};
use crate::region::Region;

/// What new cooperations of every kind in every field would bring.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Survey {
    /// Kinds and fields in which some pair of hospitals saves time: the one whose best pair saves most under the
    /// leading protocol first, then by what it saves under the other one, ties in the order of kinds and fields.
    pub ranked: Vec<SurveyedKind>,
    /// All others, in the order of kinds and fields, with the reason.
    pub without: Vec<Unhelpful>,
}

/// A kind of cooperation in a field that brings something.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SurveyedKind {
    /// The kind.
    pub kind: CandidateKind,
    /// Key of the field.
    pub field: String,
    /// How many pairs of hospitals could agree on it and do not yet.
    pub pairs: usize,
    /// How many of them save something under the leading protocol.
    pub saving: usize,
    /// Giver and receiver of the best pair: the one that saves most under the leading protocol; where none saves
    /// anything under it, under the other one.
    pub best: (HospitalId, HospitalId),
    /// How many others could give the same as its giver.
    pub instead: usize,
    /// What the best pair changes, by protocol, over all pathways.
    pub effects: Vec<Effect>,
}

/// A kind of cooperation in a field that brings nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Unhelpful {
    /// The kind.
    pub kind: CandidateKind,
    /// Key of the field.
    pub field: String,
    /// Why.
    pub why: WhyNot,
}

/// Why a kind of cooperation in a field brings nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WhyNot {
    /// No stage and no transfer of the pathways uses such a kind in this field: nothing can be computed.
    InNoPathway,
    /// Some stage could use it, but nobody could agree on it: no hospital has what it gives, or none of the others
    /// all that has to be on site, or whoever could has it already.
    NoPair,
    /// So many pairs could agree on it, and under no protocol one of them saves time over all cases.
    NobodyGains {
        /// The pairs.
        pairs: usize,
        /// How many of them would make patients later on the whole, under the leading protocol.
        harmful: usize,
    },
}

/// Tries kinds of cooperation in fields: for each the best pair of hospitals, given what exists.
///
/// Each pair is tried alone, under the first protocol and under the others beside it. Under a free choice beside it
/// transfers are not tried, only the best pair is told: nobody is handed on then who can be taken straight to the
/// last hospital, so that a transfer saves nothing. A pair is a candidate as for [`suggest()`]: a hospital that lacks
/// what has to be on site, such as an emergency stage, is none.
///
/// What it costs: transfers most, as every two hospitals are tried; all kinds and fields of Leipzig /
/// Nordwestsachsen take half a minute of one core.
///
/// ```
/// use verbund::Region;
/// use verbund::files::Folder;
/// use verbund::impact::{CandidateKind, PROTOCOLS, WhyNot, survey};
/// use verbund::model::Pathway;
/// use verbund::pathways::Query;
///
/// let model = Folder::small().read()?;
/// let region = Region::new(&model, model.network.date())?;
/// let pathways: Vec<&Pathway> = region.network().catalog().pathways.iter().collect();
/// let fields = ["neurology".to_owned(), "digital".to_owned()];
/// let kinds = [CandidateKind::Telemedicine];
/// let found = survey(&region, &pathways, &kinds, &fields, &PROTOCOLS, &Query::default())?;
/// // The one hospital with a CT and without neurology has its link already.
/// let reasons: Vec<WhyNot> = found.without.iter().map(|rest| rest.why).collect();
/// assert_eq!(reasons, [WhyNot::NoPair, WhyNot::InNoPathway]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// When the objective names a stage that a pathway does not have.
pub fn survey<'r>(
    region: &'r Region,
    pathways: &[&'r Pathway],
    kinds: &[CandidateKind],
    fields: &[String],
    protocols: &[Protocol],
    query: &Query,
) -> Result<Survey, PathwayError> {
    let mut answer = Survey { ranked: Vec::new(), without: Vec::new() };
    for &kind in kinds {
        for field in fields {
            let trial =
                Trial { region, pathways, sought: Sought { kind, field }, protocols, query };
            match trial.run()? {
                Ok(surveyed) => answer.ranked.push(surveyed),
                Err(why) => answer.without.push(Unhelpful { kind, field: field.clone(), why }),
            }
        }
    }
    answer.ranked.sort_by(|a, b| {
        let saved = |surveyed: &SurveyedKind, protocol: usize| {
            surveyed.effects.get(protocol).map_or(0.0, Effect::net_seconds)
        };
        saved(b, 0).total_cmp(&saved(a, 0)).then(saved(b, 1).total_cmp(&saved(a, 1)))
    });
    Ok(answer)
}

/// One kind in one field.
struct Trial<'a, 'r> {
    region: &'r Region,
    pathways: &'a [&'r Pathway],
    sought: Sought<'a>,
    protocols: &'a [Protocol],
    query: &'a Query,
}

impl Trial<'_, '_> {
    fn run(&self) -> Result<Result<SurveyedKind, WhyNot>, PathwayError> {
        let served = Served::new(self.region, self.pathways, self.sought);
        if served.pathways().is_empty() {
            return Ok(Err(WhyNot::InNoPathway));
        }

        let (mut pairs, mut saving, mut harmful) = (0, 0, 0);
        let mut best: Option<Suggestion> = None;
        for (position, &protocol) in self.protocols.iter().enumerate() {
            let is_lead = position == 0;
            // What follows only looks for a pair where the leading protocol has none.
            if !is_lead && (best.is_some() || pairs == 0) {
                break;
            }
            // Nobody is handed on who could go direct: every pair would be tried for nothing.
            if !is_lead && protocol == Protocol::Free && self.sought.kind == CandidateKind::Transfer
            {
                continue;
            }
            let query = self.query.clone().protocol(protocol);
            let tried = suggest(self.region, self.pathways, self.sought, 0, &query)?;
            if is_lead {
                (pairs, saving) = (tried.candidates, tried.ranked.len());
                harmful = tried.harmful.len();
            }
            best = tried.ranked.into_iter().next();
        }
        if pairs == 0 {
            return Ok(Err(WhyNot::NoPair));
        }
        let Some(best) = best else { return Ok(Err(WhyNot::NobodyGains { pairs, harmful })) };

        Ok(Ok(SurveyedKind {
            kind: self.sought.kind,
            field: self.sought.field.to_owned(),
            pairs,
            saving,
            best: (best.from, best.to),
            instead: best.instead.len(),
            effects: self.effects(&served, &best)?,
        }))
    }

    /// What a pair changes under each protocol.
    fn effects(
        &self,
        served: &Served<'_, '_>,
        pair: &Suggestion,
    ) -> Result<Vec<Effect>, PathwayError> {
        let network = self.region.network();
        let pair = Pair { from: pair.from, to: pair.to };
        let added = [cooperation(network, self.sought, pair)];
        let without = Outage::of_cooperation(network.added_cooperation(0));
        let study = Study::new(self.region, served.pathways(), &added, self.query.clone())?;
        let mut effects = Vec::with_capacity(self.protocols.len());
        for &protocol in self.protocols {
            let by_pathway = study.under(protocol).compare(&without, &Outage::default());
            effects.push(by_pathway.into_iter().sum());
        }
        Ok(effects)
    }
}
