//! Hospitals of which the data do not say whether they can do a stage.

use super::{PathwayError, Prepared};
use crate::model::{Pathway, Requirement, UnknownSite};

impl Prepared<'_> {
    /// The hospitals of which the data do not say whether they can do some stage of the pathway, or
    /// help with it, each once, by id, with what is not stated (the grade of a facility, the care
    /// level). They count as if they could not.
    pub fn unknown_sites(&self) -> Vec<UnknownSite> {
        let network = self.region.network();
        let requirements = requirements(&self.pathway);
        let by_requirement = requirements.iter().map(|asked| asked.unknown_sites(network));
        UnknownSite::merged(by_requirement.flatten())
    }

    /// That nobody can meet these stages, with the hospitals of which nobody knows.
    pub(crate) fn unmet_error(&self, stages: Vec<String>) -> PathwayError {
        let network = self.region.network();
        let mut unknown = Vec::new();
        for site in self.unknown_sites() {
            let key = &network[site.hospital].key;
            unknown.push(format!("{key} ({})", site.unknown.join(", ")));
        }
        PathwayError::Unmet { pathway: self.pathway.key.clone(), stages, unknown }
    }
}

/// What a hospital must offer for each stage: by itself, with a partner's help, and as the partner.
fn requirements(pathway: &Pathway) -> Vec<Requirement> {
    let mut requirements: Vec<Requirement> = Vec::new();
    for stage in &pathway.stages {
        // Whoever is unknown as a site or as a partner is unknown: either could make a route.
        for way in &stage.ways {
            let remote = way.remote();
            if remote.is_empty() {
                requirements.push(stage.requirement.clone());
                continue;
            }
            requirements.extend(stage.on_site(remote));
            requirements.push(Requirement::All(remote.to_vec()));
        }
    }
    requirements
}
