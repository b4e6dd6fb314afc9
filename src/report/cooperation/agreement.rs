//! An agreement, opened: what each of its fields could change.

mod beds;
mod concentrated;
mod fields;
mod groups;
mod minutes;

use crate::agreement::{Agreement, BedsAnswer};
use crate::model::{Cooperation, CooperationKind, HospitalId, Network};
use crate::pathways::Protocol;
use crate::region::Region;
use crate::report::columns::WHAT;
use crate::report::document::{Document, Section, Table, cooperation_of, hospital_of};
use crate::report::open;
use crate::rules::GroupAt;
use crate::units::grouped;
use crate::words;

/// Sharing of beds and staff that was simulated, and how.
#[derive(Debug, Clone, Copy)]
pub struct SimulatedBeds<'a> {
    /// The answers.
    pub answers: &'a [BedsAnswer],
    /// Days that count.
    pub days: u32,
    /// Replications that were finished.
    pub replications: u64,
}

/// What an agreement of two hospitals could change that there is not.
pub fn agreement_between(
    region: &Region,
    agreed: &Cooperation,
    opened: &Agreement,
    beds: Option<SimulatedBeds<'_>>,
) -> Document {
    let network = region.network();
    let partners: Vec<&str> = keys(network, &opened.partners);
    let names: Vec<&str> = opened.partners.iter().map(|id| network[*id].name.as_str()).collect();
    let title = said!(
        "What an agreement of {partners} could change",
        partners = names.join(&words::of(" and "))
    );
    let labels: Vec<String> = opened.protocols.iter().map(|protocol| protocol.label()).collect();
    let mut document =
        open(title, region).about("protocol", labels.join(&words::of("; beside it ")));

    let mut there: Vec<String> = Vec::new();
    for cooperation in network.cooperations() {
        let parties = cooperation.parties.keys();
        if partners.iter().all(|partner| parties.contains(partner)) {
            there.push(cooperation_of(&cooperation.key));
        }
    }
    if !there.is_empty() {
        document = document.about("agreed_already", there.join(", "));
    }
    agreement_sections(document, region, agreed, opened, beds)
}

/// The sections of an opened agreement, behind what a document has of it already.
pub fn agreement_sections(
    document: Document,
    region: &Region,
    agreed: &Cooperation,
    opened: &Agreement,
    beds: Option<SimulatedBeds<'_>>,
) -> Document {
    let view = View { network: region.network(), agreed, opened };
    let mut document = document.section(view.fields(beds));
    for section in [view.minutes(), view.no_minutes(), view.groups()] {
        document = document.section(section);
    }
    document = document.section(view.concentrated());
    if let Some(beds) = beds {
        document = document.section(view.beds(beds));
    }
    document.section(view.assumed())
}

/// An opened agreement with what names its parts.
struct View<'a> {
    network: &'a Network,
    agreed: &'a Cooperation,
    opened: &'a Agreement,
}

impl View<'_> {
    /// What stands behind all of it.
    fn assumed(&self) -> Section {
        let mut told = said!(
            "Nobody published how the fields are carried out. Terms: those of the file (terms, by field), else the defaults of the pathways and a fifth of the beds pooled (assumed), "
        );
        told.push_str(&said!(
            "in the hours of the agreement ({hours}). ",
            hours = self.agreed.hours.in_print()
        ));
        told.push_str(&said!("That both sides would agree, have the staff, and that every site around takes part. Each kind is worked out alone: what several bring together is not their sum."));
        Section::new("agreed_assumed", "What is assumed", Table::empty(&[WHAT])).in_words(told)
    }
}

fn keys<'n>(network: &'n Network, hospitals: &[HospitalId]) -> Vec<&'n str> {
    hospitals.iter().map(|id| network[*id].key.as_str()).collect()
}

/// Groups by site in words: `kkh-torgau: 14 23`.
fn by_site<'g>(network: &Network, groups: impl IntoIterator<Item = &'g GroupAt>) -> Vec<String> {
    let mut sites: Vec<(HospitalId, String)> = Vec::new();
    for GroupAt { hospital, group } in groups {
        match sites.iter_mut().find(|(known, _)| known == hospital) {
            Some((_, words)) => words.push_str(&format!(" {group}")),
            None => sites.push((*hospital, group.to_string())),
        }
    }
    let told = |site: HospitalId| hospital_of(&network[site].key);
    sites.into_iter().map(|(site, words)| format!("{}: {words}", told(site))).collect()
}

fn sites_around(count: usize) -> String {
    if count == 1 { said!("1 site around") } else { said!("{count} sites around", count) }
}

fn service_groups(count: usize) -> String {
    if count == 1 { said!("1 service group") } else { said!("{count} service groups", count) }
}

fn kind_name(kind: &CooperationKind) -> &'static str {
    match kind {
        CooperationKind::Transfer { .. } => "transfer",
        CooperationKind::Telemedicine { .. } => "telemedicine",
        CooperationKind::VisitingTeam { .. } => "visiting team",
        CooperationKind::CentralService { .. } => "central service",
        CooperationKind::SharedBeds { .. } => "shared beds",
        CooperationKind::StaffPool => "pool of staff",
        CooperationKind::SharedOnCall => "one on-call roster",
        other => other.name(),
    }
}

/// A protocol in few words.
fn short(protocol: Protocol) -> String {
    match protocol {
        Protocol::NearestDoor => said!("by the nearest door"),
        Protocol::Free => said!("by a free choice"),
        other => other.label(),
    }
}

/// Cases as a whole number: `4,265`.
fn whole(cases: f64) -> String {
    grouped(cases.round() as u64)
}
