//! Questions about who works with whom.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::algo::articulation_points::articulation_points;
use petgraph::algo::bridges::bridges;
use petgraph::algo::connected_components;
use petgraph::graph::{NodeIndex, UnGraph};
use petgraph::unionfind::UnionFind;
use petgraph::visit::EdgeRef;
use serde::Serialize;

use crate::model::cooperation::Parties;
use crate::model::{Cooperation, CooperationId, CooperationKind, HospitalId, Network};

/// Which cooperations a question is about; by default all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct GraphFilter {
    /// Only those that cover this field.
    pub field: Option<String>,
    /// Only those that can change what happens to a patient.
    pub only_with_effect_on_care: bool,
    /// Leave out those whose kind or partners nobody published.
    pub only_sourced: bool,
}

impl GraphFilter {
    /// All cooperations that cover a field.
    pub fn field(field: impl Into<String>) -> Self {
        Self { field: Some(field.into()), ..Self::default() }
    }

    /// The same without cooperations that change nothing for a patient, where this is true.
    #[must_use]
    pub fn only_with_effect_on_care(self, is_wanted: bool) -> Self {
        Self { only_with_effect_on_care: is_wanted, ..self }
    }

    /// The same without those whose kind or partners nobody published, where this is true.
    #[must_use]
    pub fn only_sourced(self, is_wanted: bool) -> Self {
        Self { only_sourced: is_wanted, ..self }
    }

    fn takes(&self, cooperation: &Cooperation) -> bool {
        let assumed = |path: &str| cooperation.assumed.iter().any(|marked| marked == path);
        self.field.as_deref().is_none_or(|field| cooperation.covers(field))
            && (!self.only_with_effect_on_care || cooperation.kind.has_effect_on_care())
            && !(self.only_sourced && (assumed("kind") || assumed("partners")))
    }
}

/// A hospital that another one works with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Partner {
    /// The partner.
    pub hospital: HospitalId,
    /// What they do together, rising.
    pub cooperations: Vec<CooperationId>,
}

/// That one hospital depends on others for a field: they help it, or take its patients on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Dependence {
    /// Who depends.
    pub hospital: HospitalId,
    /// On whom, in the order of their ids; with one alone there is no second to turn to.
    pub on: Vec<HospitalId>,
    /// The cooperations that it rests on, rising.
    pub cooperations: Vec<CooperationId>,
    /// Whether the hospital has an inpatient department of the field itself.
    pub has_own_department: bool,
}

/// The cooperations of a network as a graph: hospitals are nodes, and two of them are linked when
/// a cooperation names both.
///
/// Partners of a mutual cooperation are all linked with each other; a directed one links its giver
/// with each receiver. Several cooperations of the same two hospitals are one link.
///
/// ```
/// use verbund::files::Folder;
/// use verbund::model::{CooperationGraph, GraphFilter};
///
/// let network = Folder::small().read()?.network;
/// let graph = CooperationGraph::new(&network, &GraphFilter::default());
/// let north = network.find("north").unwrap();
/// assert_eq!(graph.degree(north), 2); // with south and with west
/// # Ok::<(), verbund::problem::Problems>(())
/// ```
#[derive(Debug, Clone)]
pub struct CooperationGraph<'n> {
    network: &'n Network,
    filter: GraphFilter,
    /// The weight of an edge is the cooperations that it stands for.
    graph: UnGraph<HospitalId, Vec<CooperationId>>,
}

impl<'n> CooperationGraph<'n> {
    /// The graph of the cooperations that the filter takes.
    pub fn new(network: &'n Network, filter: &GraphFilter) -> Self {
        let mut links: BTreeMap<(HospitalId, HospitalId), Vec<CooperationId>> = BTreeMap::new();
        for (id, cooperation) in network.cooperation_ids().zip(network.cooperations()) {
            if !filter.takes(cooperation) {
                continue;
            }
            // One link in whichever direction: that two work together has none.
            for (a, b) in network.pairs(&cooperation.parties) {
                let link = links.entry((a.min(b), a.max(b))).or_default();
                if link.last() != Some(&id) {
                    link.push(id);
                }
            }
        }

        // Hospitals in the order of their ids, so that a node and a hospital have the same number.
        let mut graph = UnGraph::default();
        for (id, _) in network.iter() {
            graph.add_node(id);
        }
        for ((a, b), cooperations) in links {
            graph.add_edge(node(a), node(b), cooperations);
        }
        Self { network, filter: filter.clone(), graph }
    }

    /// The network.
    pub fn network(&self) -> &'n Network {
        self.network
    }

    /// The cooperations that the filter takes, rising.
    pub fn cooperations(&self) -> Vec<CooperationId> {
        let mut taken = Vec::new();
        for (id, cooperation) in self.network.cooperation_ids().zip(self.network.cooperations()) {
            if self.filter.takes(cooperation) {
                taken.push(id);
            }
        }
        taken
    }

    /// How many links there are.
    pub fn links(&self) -> usize {
        self.graph.edge_count()
    }

    /// How many hospitals a hospital works with.
    ///
    /// # Panics
    ///
    /// When the id is of a network of other hospitals.
    pub fn degree(&self, hospital: HospitalId) -> usize {
        self.graph.neighbors(self.node(hospital)).count()
    }

    /// The node of a hospital of this network.
    fn node(&self, hospital: HospitalId) -> NodeIndex {
        assert!(self.network.hospital(hospital).is_some(), "the id is of another network");
        node(hospital)
    }

    /// Whom a hospital works with, in the order of their ids.
    ///
    /// # Panics
    ///
    /// When the id is of a network of other hospitals.
    pub fn partners(&self, hospital: HospitalId) -> Vec<Partner> {
        let node = self.node(hospital);
        let mut partners = Vec::new();
        for edge in self.graph.edges(node) {
            let partner = if edge.source() == node { edge.target() } else { edge.source() };
            let cooperations = edge.weight().clone();
            partners.push(Partner { hospital: self.graph[partner], cooperations });
        }
        partners.sort_by_key(|partner| partner.hospital);
        partners
    }

    /// How many groups there are, hospitals without any partner each counted as one.
    pub fn component_count(&self) -> usize {
        connected_components(&self.graph)
    }

    /// Hospitals that are linked with each other, directly or through others: the largest group
    /// first, then by the first id; hospitals without any partner are groups of one.
    pub fn components(&self) -> Vec<Vec<HospitalId>> {
        let mut sets = UnionFind::new(self.graph.node_count());
        for edge in self.graph.edge_references() {
            sets.union(edge.source().index(), edge.target().index());
        }
        let mut groups: BTreeMap<usize, Vec<HospitalId>> = BTreeMap::new();
        for index in self.graph.node_indices() {
            groups.entry(sets.find(index.index())).or_default().push(self.graph[index]);
        }
        let mut groups: Vec<_> = groups.into_values().collect();
        groups.sort_by_key(|group| (std::cmp::Reverse(group.len()), group[0]));
        groups
    }

    /// Hospitals without which others that are linked now would no longer be, by id.
    pub fn articulation_hospitals(&self) -> Vec<HospitalId> {
        let mut points = Vec::new();
        for index in articulation_points(&self.graph) {
            points.push(self.graph[index]);
        }

        // The algorithm gives them in no order.
        points.sort_unstable();
        points
    }

    /// Links that are the only connection between their two sides, by ids, the smaller one first.
    pub fn bridges(&self) -> Vec<(HospitalId, HospitalId)> {
        let mut links = Vec::new();
        for edge in bridges(&self.graph) {
            let (a, b) = (self.graph[edge.source()], self.graph[edge.target()]);
            links.push((a.min(b), a.max(b)));
        }
        links.sort_unstable();
        links
    }

    /// How often each hospital lies between two others: the sum over all pairs of the share of
    /// their shortest connections that run through it; each pair counts once.
    ///
    /// Between 0 and (n - 1)(n - 2) / 2 for n hospitals. Links count alike, whatever their number
    /// of cooperations. Index it with [`HospitalId::index`].
    ///
    /// Brandes, U. (2001): A faster algorithm for betweenness centrality. Journal of Mathematical
    /// Sociology 25, 163-177.
    pub fn betweenness(&self) -> Vec<f64> {
        let count = self.graph.node_count();
        let mut between = vec![0.0; count];
        for start in self.graph.node_indices() {
            let (mut distance, mut ways) = (vec![usize::MAX; count], vec![0.0; count]);
            let mut before: Vec<Vec<usize>> = vec![Vec::new(); count];
            distance[start.index()] = 0;
            ways[start.index()] = 1.0;

            // Outwards: the hospitals by their distance, and how many shortest ways lead to each.
            let mut order = vec![start.index()];
            let mut next = 0;
            while let Some(&reached) = order.get(next) {
                next += 1;
                for neighbour in self.graph.neighbors(NodeIndex::new(reached)) {
                    let to = neighbour.index();
                    if distance[to] == usize::MAX {
                        distance[to] = distance[reached] + 1;
                        order.push(to);
                    }
                    if distance[to] == distance[reached] + 1 {
                        ways[to] += ways[reached];
                        before[to].push(reached);
                    }
                }
            }

            // Back inwards: halves, because every pair is met from both of its ends.
            let mut share = vec![0.0; count];
            for &passed in order.iter().rev() {
                for &previous in &before[passed] {
                    share[previous] += ways[previous] / ways[passed] * (1.0 + share[passed]);
                }
                if passed != start.index() {
                    between[passed] += share[passed] / 2.0;
                }
            }
        }
        between
    }

    /// Who depends on whom for a field, by id.
    ///
    /// A site depends on its expert (telemedicine, visiting team) and on its centre (central
    /// service); a sender depends on those who take its patients on (transfer). Only cooperations
    /// that cover the field, can change care, and pass the graph's filter count.
    pub fn dependences(&self, field: &str) -> Vec<Dependence> {
        let mut by_hospital: BTreeMap<HospitalId, (BTreeSet<HospitalId>, Vec<CooperationId>)> =
            BTreeMap::new();
        for (id, cooperation) in self.network.cooperation_ids().zip(self.network.cooperations()) {
            let counts = self.filter.takes(cooperation)
                && cooperation.covers(field)
                && cooperation.kind.has_effect_on_care();
            // Partners share: nobody among them waits for another alone.
            let Parties::Directed { from, to } = &cooperation.parties else { continue };
            let Some(from) = self.network.find(from).filter(|_| counts) else { continue };
            for key in to {
                let Some(to) = self.network.find(key) else { continue };
                // Help comes to the site, but patients leave it: a sender needs whoever takes them.
                let hands_on = matches!(cooperation.kind, CooperationKind::Transfer { .. });
                let (who, whom) = if hands_on { (from, to) } else { (to, from) };
                let (on, cooperations) = by_hospital.entry(who).or_default();
                on.insert(whom);
                if cooperations.last() != Some(&id) {
                    cooperations.push(id);
                }
            }
        }

        let mut dependences = Vec::with_capacity(by_hospital.len());
        for (hospital, (on, cooperations)) in by_hospital {
            dependences.push(Dependence {
                hospital,
                on: on.into_iter().collect(),
                cooperations,
                has_own_department: self.network[hospital].has_specialty(field),
            });
        }
        dependences
    }
}

fn node(id: HospitalId) -> NodeIndex {
    NodeIndex::new(id.index())
}
