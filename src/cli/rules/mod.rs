//! `verbund rules`

mod emergency;
mod groups;
mod levels;
mod supplement;
mod volumes;

use std::collections::BTreeSet;

use clap::{Args, Subcommand};
use verbund::Region;
use verbund::model::{HospitalId, Model, SiteKind};
use verbund::rules::{GroupSettings, site_of};

use super::faults::Faults;
use super::faults::fault;
use super::{Common, Ending, input};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    rule: Rule,
}

#[derive(Debug, Subcommand)]
enum Rule {
    /// Service groups (annex 1 SGB V): which a site has alone, with which partner, and what is
    /// missing; with --unlock, which new agreement keeps most
    Groups(groups::Arguments),
    /// Federal levels 3U, 3, 2, 1n, 1i and F, what is missing for the next, and what counts as one site
    Levels(levels::Arguments),
    /// Supplements (Sicherstellungszuschläge): whom a closure would leave too far from care, and
    /// whether demand is low; with --sensitivity, which verdicts flip
    Supplement(supplement::Arguments),
    /// Emergency stages (Notfallstufen): which one departments, beds and facilities would allow, and
    /// what is missing for the next
    Emergency(emergency::Arguments),
    /// Minimum volumes: which hospitals fall below, and what pooling would do
    Volumes(volumes::Arguments),
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Ending> {
    match &arguments.rule {
        Rule::Groups(arguments) => groups::run(common, arguments),
        Rule::Levels(arguments) => levels::run(common, arguments),
        Rule::Supplement(arguments) => supplement::run(common, arguments),
        Rule::Emergency(arguments) => emergency::run(common, arguments),
        Rule::Volumes(arguments) => volumes::run(common, arguments),
    }
}

/// How the law is read: flags of `groups` and `levels`.
#[derive(Debug, Args)]
struct Reading {
    /// Hospital that is judged indispensable for coverage, by key or name: every clause may come by
    /// cooperation; can be given several times
    #[arg(long, value_name = "HOSPITAL")]
    indispensable: Vec<String>,
    /// Hospital that the state made a cross-sector site (level 1i), by key or name: related groups
    /// may come by cooperation; can be given several times
    #[arg(long, value_name = "HOSPITAL")]
    cross_sector: Vec<String>,
    /// Do not take specialised hospitals of the state's plan for level F
    #[arg(long)]
    no_level_f: bool,
    /// Let the related groups of the stroke unit (54) come by telemedicine, as in justified cases
    #[arg(long)]
    tele_stroke: bool,
    /// Take the data to have every agreement: a site that none of them supplies has no partner, instead
    /// of an unknown one
    #[arg(long)]
    no_other_agreements: bool,
}

impl Reading {
    /// The settings; every name that fits nothing is noted.
    fn settings(&self, model: &Model, region: &Region, faults: &mut Faults) -> GroupSettings {
        let mut ids = |names: &[String]| -> BTreeSet<HospitalId> {
            let mut ids = BTreeSet::new();
            for name in names {
                ids.extend(faults.note(input::hospital(model, region, name)));
            }
            ids
        };
        // Both are looked up before either is judged, so that all wrong names are told together.
        let (indispensable, cross_sector) = (ids(&self.indispensable), ids(&self.cross_sector));
        let network = region.network();
        for id in &cross_sector {
            let hospital = &network[*id];
            // What counts as one site is of one kind altogether.
            let unlike = site_of(network, *id).hospitals.into_iter().find(|neighbour| {
                let kind = network[*neighbour].kind;
                kind.has_inpatients()
                    && kind != SiteKind::CrossSectorSite
                    && !cross_sector.contains(neighbour)
            });
            if !hospital.kind.has_inpatients() {
                faults.add(&fault!("--cross-sector {hospital}: it has no inpatients, so it can be no cross-sector site", hospital = hospital.key));
            } else if let Some(unlike) = unlike {
                faults.add(&fault!("--cross-sector {hospital}: it is one site with {unlike} (2,000 m), which is none", hospital = hospital.key, unlike = network[unlike].key));
            }
        }
        GroupSettings::default()
            .indispensable(indispensable)
            .cross_sector(cross_sector)
            .specialists_are_f(!self.no_level_f)
            .tele_stroke(self.tele_stroke)
            .agreements_are_complete(self.no_other_agreements)
    }
}
