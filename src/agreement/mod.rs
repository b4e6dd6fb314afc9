//! What an agreement could change, field by field: an agreement, opened.
//!
//! A framework agreement names partners and fields and says nothing of what patients would notice. Here each field is
//! carried out by every kind of cooperation that could carry it out, one at a time, and each is worked out by the
//! room that knows it:
//!
//! | what | by whom | room |
//! |---|---|---|
//! | minutes and people, by pathway, under each protocol | an expert, a team, a centre or a transfer, each way | [`impact`](crate::impact) |
//! | service groups that a site has by the agreement alone, and what it must cover | a written agreement | [`rules`](crate::rules) |
//! | cases, journeys, pathways, minimum volumes and service groups | one partner concentrates the field | [`routing`](crate::routing), [`pathways`](crate::pathways), [`rules`](crate::rules) |
//! | patients sent on, put up or refused, with intervals | shared beds, one on-call roster, a pool of staff | [`simulation`](crate::simulation) |
//!
//! Where nothing is computed, the answer says why ([`NoEffect`]); nothing is left out in silence. Terms come from the
//! file ([`Cooperation::terms`](crate::model::Cooperation::terms)), else from the pathways' defaults and
//! [`POOLED_SHARE`]: all of these are assumptions, and stand beside each figure ([`Terms`]).
//!
//! What follows from an agreement by law and in beds counts between the partners alone. Minutes are also worked out
//! for the sites around ([`Reach::Region`]): two hospitals that do everything themselves can help others.

mod beds;
mod concentrate;
mod fields;
mod reasons;
mod ways;

pub use beds::{BedsAnswer, BedsFigure, BedsSettings, SharedBedsAnswer, simulate_beds};
pub use concentrate::{
    CaseChange, Concentrated, Concentration, LastStage, PathwayChange, VolumeChange,
};
pub use fields::fields_between;
pub use reasons::NoEffect;
pub use ways::{PathwayEffect, Reach, Terms, WayAnswer};

use serde::Serialize;

use crate::model::{Cooperation, CooperationId, HospitalId, Pathway};
use crate::pathways::{PathwayError, Protocol, Query};
use crate::region::Region;
use crate::routing::{Choice, ChoiceError};
use crate::rules::{Agreed, AgreedUnlocks, FieldUnlock, GroupSettings, RulesError, agreed_unlocks};

/// Share of the beds of a field that is pooled where an agreement does not say so: a fifth (assumed).
pub const POOLED_SHARE: f64 = 0.2;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AgreementError {
    /// Fewer than two of the partners are hospitals of the network on its day.
    #[error("{}", said!("an agreement of fewer than two hospitals of the network"))]
    OnePartner,
    /// Nothing is agreed on.
    #[error("{}", said!("the agreement names no field"))]
    NoField,
    /// A pathway cannot be evaluated.
    #[error(transparent)]
    Pathway(#[from] PathwayError),
    /// A rule cannot be applied.
    #[error(transparent)]
    Rules(#[from] RulesError),
    /// Patients cannot choose a hospital so.
    #[error(transparent)]
    Choice(#[from] ChoiceError),
}

/// How an agreement is looked at.
#[derive(Debug, Clone)]
pub struct AgreementSettings<'r> {
    /// The pathways that may be changed.
    pub pathways: Vec<&'r Pathway>,
    /// When patients call, and what their route is chosen for.
    pub query: Query,
    /// The protocols under which minutes are told, the leading one first.
    pub protocols: Vec<Protocol>,
    /// How patients choose a hospital, for cases a year.
    pub choice: Choice,
}

/// What an agreement could change.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Agreement {
    /// The partners that are hospitals of the network, in the order of the agreement.
    pub partners: Vec<HospitalId>,
    /// The agreement in the network; `None` for one that there is not.
    pub cooperation: Option<CooperationId>,
    /// The protocols of [`PathwayEffect::effects`].
    pub protocols: Vec<Protocol>,
    /// By field, in the order of the agreement.
    pub fields: Vec<FieldAnswer>,
    /// What service groups sites have by all fields together; `None` where the catalog has none.
    pub groups: Option<FieldUnlock>,
}

/// What an agreement could change in one field.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct FieldAnswer {
    /// Key of the field.
    pub field: String,
    /// The kinds of cooperation that could carry it out for patients on a pathway, each way.
    pub ways: Vec<WayAnswer>,
    /// What service groups sites have by an agreement in this field alone; `None` where the catalog has none.
    pub groups: Option<FieldUnlock>,
    /// What follows when one partner takes the field over, by partner; empty where fewer than two have a department.
    pub concentrations: Vec<Concentration>,
    /// Partners with a department of the field that has beds, which could share them.
    pub departments: Vec<HospitalId>,
    /// Why nothing at all is computed of this field; `None` where something is.
    pub why_none: Option<NoEffect>,
}

impl Agreement {
    /// Works an agreement of a network out, or one that there is not: its parties, fields and terms count, its kind
    /// and dates do not.
    ///
    /// ```
    /// use verbund::Region;
    /// use verbund::agreement::{Agreement, AgreementSettings, NoEffect};
    /// use verbund::impact::PROTOCOLS;
    /// use verbund::pathways::Query;
    /// use verbund::routing::{Choice, Huff};
    ///
    /// let region = Region::leipzig()?;
    /// let network = region.network();
    /// let id = network.find_cooperation("ukl-st-georg-2025").ok_or("not there")?;
    /// let settings = AgreementSettings {
    ///     pathways: network.catalog().pathways.iter().collect(),
    ///     query: Query::default(),
    ///     protocols: PROTOCOLS.to_vec(),
    ///     choice: Choice::Huff(Huff::default()),
    /// };
    /// let opened = Agreement::new(&region, &network[id], &settings)?;
    /// assert_eq!(opened.fields.len(), network[id].fields.len());
    /// let recruitment = opened.fields.iter().find(|one| one.field == "recruitment").ok_or("no row")?;
    /// assert_eq!(recruitment.why_none, Some(NoEffect::NotModelled));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When fewer than two partners are hospitals of the network, no field is named, a term is out of range, or the
    /// settings name what there is not.
    pub fn new(
        region: &Region,
        agreed: &Cooperation,
        settings: &AgreementSettings<'_>,
    ) -> Result<Self, AgreementError> {
        let network = region.network();
        // On another day than the agreement's a partner may be closed, or not there yet.
        let mut partners = Vec::new();
        for key in agreed.parties.keys() {
            partners.extend(network.find(key));
        }
        if partners.len() < 2 {
            return Err(AgreementError::OnePartner);
        }
        if agreed.fields.is_empty() {
            return Err(AgreementError::NoField);
        }

        let cooperation = network.find_cooperation(&agreed.key);
        let (mut by_field, mut together) = (Vec::new().into_iter(), None);
        if let Some(groups) = groups(region, agreed, &partners, cooperation)? {
            by_field = groups.fields.into_iter();
            together = Some(groups.together);
        }
        let table = ways::Table { region, agreed, partners: &partners, settings };
        // Flows and the law of the whole region, which many agreements do not need.
        let mut base: Option<concentrate::Base<'_, '_>> = None;
        let mut fields = Vec::with_capacity(agreed.fields.len());
        for field in &agreed.fields {
            // Nobody takes over what only one of them does.
            let departments = fields::with_department(region, &partners, field);
            let mut concentrations = Vec::new();
            if departments.len() > 1 {
                let base = match &mut base {
                    Some(base) => base,
                    None => base.insert(concentrate::Base::new(region, settings)?),
                };
                concentrations = base.concentrate(field, &departments)?;
            }
            let mut answer = FieldAnswer {
                field: field.clone(),
                ways: table.ways(field)?,
                groups: by_field.next(),
                concentrations,
                departments,
                why_none: None,
            };
            answer.why_none = reasons::of_field(region, &answer);
            fields.push(answer);
        }
        let protocols = settings.protocols.clone();
        Ok(Self { partners, cooperation, protocols, fields, groups: together })
    }
}

/// What service groups the fields bring; `None` where the catalog has no groups.
fn groups(
    region: &Region,
    agreed: &Cooperation,
    partners: &[HospitalId],
    without: Option<CooperationId>,
) -> Result<Option<AgreedUnlocks>, AgreementError> {
    if region.network().catalog().service_groups.groups.is_empty() {
        return Ok(None);
    }
    // Asked as if it were not there: else an agreement of the network would bring what it already brings.
    let asked = Agreed { partners, fields: &agreed.fields, without };
    Ok(Some(agreed_unlocks(region, &GroupSettings::default(), &asked)?))
}
