//! The static network of some hours: who can do what where, and who hands on to whom.

use super::Outage;
use super::label::{NONE, Service, Start, Transfer};
use super::sites::{HourSites, Link, Prepared, Role};
use crate::model::StageProvision;

/// The static network without what is out, ordered by hospital.
pub(super) struct Scene<'a> {
    prepared: &'a Prepared<'a>,
    sites: &'a HourSites,
    outage: &'a Outage,
    /// Links of ways to each hospital, and of transfers from each.
    ways: Vec<Vec<&'a Link>>,
    transfers: Vec<Vec<&'a Link>>,
}

impl<'a> Scene<'a> {
    pub(super) fn new(
        prepared: &'a Prepared<'a>,
        sites: &'a HourSites,
        outage: &'a Outage,
    ) -> Self {
        let network = prepared.region.network();
        let count = network.hospitals().len();
        let (mut ways, mut transfers) = (vec![Vec::new(); count], vec![Vec::new(); count]);
        for link in &sites.links {
            let is_out = outage.has_cooperation(link.cooperation)
                || outage.is_closed(network.id(link.from))
                || outage.is_closed(network.id(link.to));
            if is_out {
                continue;
            }
            // Help is looked up where the patient is, a transfer where the patient leaves.
            match link.role {
                Role::Transfer { .. } => transfers[link.from as usize].push(link),
                Role::Way { .. } => ways[link.to as usize].push(link),
            }
        }
        Self { prepared, sites, outage, ways, transfers }
    }

    pub(super) fn is_closed(&self, hospital: u32) -> bool {
        self.outage.is_closed(self.prepared.region.network().id(hospital))
    }

    /// Whether a stage can be done at a hospital, by whatever way.
    pub(super) fn can_do(&self, stage: usize, hospital: u32) -> bool {
        !self.is_closed(hospital) && !self.services(stage, hospital).is_empty()
    }

    /// Who can do a stage at a hospital.
    pub(super) fn services(&self, stage: usize, hospital: u32) -> Vec<Service> {
        let mut services = Vec::new();
        let ways = &self.prepared.pathway.stages[stage].ways;
        for (number, way) in ways.iter().enumerate() {
            let able = &self.sites.on_site[stage][number];
            if matches!(way, StageProvision::OnSite) && able.contains(hospital as usize) {
                services.push(Service { way: number as u8, ..Service::NOBODY });
            }
        }
        for link in &self.ways[hospital as usize] {
            let Role::Way { stage: serves, way, term } = link.role else { continue };
            if usize::from(serves) != stage {
                continue;
            }
            let start = match &ways[usize::from(way)] {
                StageProvision::VisitingTeam { .. } => {
                    // A team beyond the region's longest journey does not come.
                    let journey = self.prepared.region.between_numbers(link.from, hospital);
                    let Some(journey) = journey else { continue };
                    let alert = self.prepared.alerts[stage][usize::from(way)];
                    Start::Team { alert, offset: term + journey.0 }
                }
                _ => Start::After(term),
            };
            let (partner, cooperation) = (link.from, link.cooperation);
            services.push(Service { way, partner, cooperation, start });
        }
        services
    }

    /// The least time between arrival at a hospital and departure from it.
    pub(super) fn least_term(&self, hospital: u32) -> u32 {
        let rule = &self.prepared.pathway.transfer;
        let mut least = match rule.without_agreement.penalty() {
            Some(penalty) => (rule.door_in_door_out + penalty).0,
            None => u32::MAX,
        };
        for link in &self.transfers[hospital as usize] {
            if let Role::Transfer { door_in_door_out } = link.role {
                least = least.min(door_in_door_out);
            }
        }
        least
    }

    /// Every way to hand a patient on from a hospital, by the length of the journey, until `each`
    /// says that longer ones do not matter.
    pub(super) fn each_transfer(&self, hospital: u32, each: &mut dyn FnMut(u32, Transfer) -> bool) {
        let rule = &self.prepared.pathway.transfer;
        let links = &self.transfers[hospital as usize];
        let penalty = rule.without_agreement.penalty();
        if penalty.is_none() && links.is_empty() {
            return;
        }

        let (receivers, seconds) = self.prepared.region.journeys_of(hospital as usize);
        for (&receiver, &journey) in receivers.iter().zip(seconds) {
            if receiver == hospital {
                continue;
            }
            let journey = u32::from(journey);
            for link in links.iter().filter(|link| link.to == receiver) {
                if let Role::Transfer { door_in_door_out: term } = link.role
                    && !each(receiver, Transfer { agreement: link.cooperation, term, journey })
                {
                    return;
                }
            }
            if let Some(penalty) = penalty {
                let term = (rule.door_in_door_out + penalty).0;
                if !each(receiver, Transfer { agreement: NONE, term, journey }) {
                    return;
                }
            }
        }
    }
}
