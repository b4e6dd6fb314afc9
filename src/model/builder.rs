//! A network built in code, or from the parts that files gave.

use std::collections::BTreeMap;

use crate::calendar::Date;
use crate::model::check::{Known, check_network};
use crate::model::location::Locations;
use crate::model::{
    Alliance, Catalog, Cooperation, Hospital, Network, Omission, Published, Recorded, Source,
};
use crate::problem::Problems;

/// Collects hospitals, cooperations and alliances in any order and checks them together.
#[derive(Debug, Clone)]
pub struct NetworkBuilder(Network);

impl NetworkBuilder {
    /// Starts a network of this name that describes this day.
    ///
    /// ```
    /// use verbund::files::Folder;
    /// use verbund::model::{Hospital, NetworkBuilder, Position};
    ///
    /// let catalog = Folder::small().read()?.network.catalog().clone();
    /// let north = Hospital::new("north", "Klinik Nord", Position::new(51.5, 12.4)?);
    /// let network = NetworkBuilder::new("one", "2026-01-01".parse()?, catalog).hospital(north).build()?;
    /// assert!(network.find("north").is_some());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(name: impl Into<String>, date: Date, catalog: Catalog) -> Self {
        Self(Network {
            name: name.into(),
            date,
            described_on: date,
            catalog: std::sync::Arc::new(catalog),
            sources: BTreeMap::new(),
            hospitals: Vec::new(),
            cooperations: Vec::new(),
            alliances: Vec::new(),
            omitted: Vec::new(),
            published: Vec::new(),
            assumed: Vec::new(),
            derived: BTreeMap::new(),
            derivations: BTreeMap::new(),
            recorded: std::sync::Arc::default(),
            // Without hospitals that are checked there are no ids yet.
            tag: 0,
        })
    }

    /// Adds a hospital.
    #[must_use]
    pub fn hospital(mut self, hospital: Hospital) -> Self {
        self.0.hospitals.push(hospital);
        self
    }

    /// Adds a cooperation.
    #[must_use]
    pub fn cooperation(mut self, cooperation: Cooperation) -> Self {
        self.0.cooperations.push(cooperation);
        self
    }

    /// Adds an alliance.
    #[must_use]
    pub fn alliance(mut self, alliance: Alliance) -> Self {
        self.0.alliances.push(alliance);
        self
    }

    /// Adds a source.
    #[must_use]
    pub fn source(mut self, key: impl Into<String>, source: Source) -> Self {
        self.0.sources.insert(key.into(), source);
        self
    }

    /// Adds something that is known and left out.
    #[must_use]
    pub fn omission(mut self, omission: Omission) -> Self {
        self.0.omitted.push(omission);
        self
    }

    /// Adds a published figure to compare results with.
    #[must_use]
    pub fn published(mut self, figure: Published) -> Self {
        self.0.published.push(figure);
        self
    }

    /// Marks something of the network as a whole as assumed; see [`Network::assumed`].
    #[must_use]
    pub fn assumed(mut self, path: impl Into<String>) -> Self {
        self.0.assumed.push(path.into());
        self
    }

    /// Marks something of the network as a whole as derived by a rule; see [`Network::derived`].
    #[must_use]
    pub fn derived(mut self, path: impl Into<String>, rule: impl Into<String>) -> Self {
        self.0.derived.insert(path.into(), rule.into());
        self
    }

    /// Adds a rule by which values are derived: its key, and in words what is taken from where, and how.
    #[must_use]
    pub fn derivation(mut self, key: impl Into<String>, rule: impl Into<String>) -> Self {
        self.0.derivations.insert(key.into(), rule.into());
        self
    }

    /// The network, with everything in the order of its keys.
    ///
    /// # Errors
    ///
    /// Every fault: unknown keys, duplicates, dates in the wrong order, more beds in departments
    /// than in the hospital, cooperations of one partner, and so on.
    pub fn build(self) -> Result<Network, Problems> {
        self.build_at(&Locations::default(), &Known::ALL, Problems::default())
    }

    /// The same with places in files and the faults that reading found.
    pub(crate) fn build_at(
        self,
        locations: &Locations,
        known: &Known,
        mut problems: Problems,
    ) -> Result<Network, Problems> {
        check_network(&self.0, locations, known, &mut problems);
        if !problems.is_empty() {
            return Err(problems.sorted());
        }
        let mut network = self.0;

        // Keys stand in order whatever the order of a file, so that results do not hang on it and a key is found
        // by halving. Ids are positions: only now can there be any.
        network.hospitals.sort_by(|a, b| a.key.cmp(&b.key));
        network.tag_again();
        network.recorded = Recorded::of(&network.hospitals).into();
        network.cooperations.sort_by(|a, b| a.key.cmp(&b.key));
        network.alliances.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(network)
    }
}
