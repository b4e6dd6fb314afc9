//! Who works with whom, as tables.

use super::document::{Cell, Document, Section, Table, specialty_of};
use super::open;
use crate::model::{CooperationGraph, CooperationId, Hospital, HospitalId, Network, Parties};
use crate::region::Region;
use crate::report::columns::{
    ASSUMED, BETWEENNESS, COMPONENT, COOPERATIONS, DEGREE, DEPENDS_ON, FIELD, HOSPITAL,
    HOSPITAL_NAME, IS_ARTICULATION, KEY, KIND, MEMBERS, NOTE, PARTNER, SINCE,
};
use crate::words;

/// What is asked of the graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GraphQuestion {
    /// The shape of the network: degrees, groups, hospitals and links that hold it together.
    Shape,
    /// The partners of one hospital.
    Partners(HospitalId),
    /// Who depends on whom for a field.
    Dependences(String),
}

/// The answer to a question about the graph.
pub fn graph(region: &Region, graph: &CooperationGraph<'_>, question: &GraphQuestion) -> Document {
    let network = region.network();
    match question {
        GraphQuestion::Shape => shape(open("Cooperations", region), network, graph),
        GraphQuestion::Partners(hospital) => {
            let name = &network[*hospital].name;
            open(said!("Partners of {name}", name), region).section(Section::new(
                "partners",
                said!("{name} works with", name),
                partners(network, graph, *hospital),
            ))
        }
        GraphQuestion::Dependences(field) => {
            let heading = said!(
                "Who depends on whom for {field}",
                field = network.catalog().name_in_print(field)
            );
            open("Dependences", region).about("field", specialty_of(field)).section(
                Section::new("dependences", heading, dependences(network, graph, field))
                    .note("With one partner alone, there is no second to turn to."),
            )
        }
    }
}

fn keys(network: &Network, cooperations: &[CooperationId]) -> Cell {
    let keys = cooperations.iter().map(|&id| network[id].key.clone());
    Cell::list(keys)
}

fn shape(document: Document, network: &Network, graph: &CooperationGraph<'_>) -> Document {
    let between = graph.betweenness();
    let articulation = graph.articulation_hospitals();
    let components = graph.components();

    // Hospitals without a partner hold nothing together: the summary counts them.
    let mut linked: Vec<HospitalId> = Vec::new();
    for (id, _) in network.iter() {
        if graph.degree(id) > 0 {
            linked.push(id);
        }
    }
    linked.sort_by(|a, b| {
        let by_between = between[b.index()].total_cmp(&between[a.index()]);
        by_between.then(graph.degree(*b).cmp(&graph.degree(*a))).then(a.cmp(b))
    });

    let group_of = |id: &HospitalId| match components.iter().position(|group| group.contains(id)) {
        Some(index) => index + 1,
        None => 0,
    };
    let table = Table::of(linked.iter().copied())
        .column(HOSPITAL, |id| Cell::text(&network[*id].key))
        .detail(HOSPITAL_NAME, |id| Cell::text(&network[*id].name))
        .column(DEGREE, |id| Cell::count(graph.degree(*id)))
        .column(BETWEENNESS, |id| Cell::number(between[id.index()], 1))
        .column(IS_ARTICULATION, |id| Cell::flag(articulation.contains(id)))
        .column(COMPONENT, |id| Cell::count(group_of(id)))
        .build();

    let heading = "Links that are the only connection of their sides";
    let groups = components.iter().filter(|group| group.len() > 1);
    let summary = said!(
        "{linked} hospitals are linked by {links} pairs in {count} groups; of {unlinked} no cooperation is known.",
        linked = linked.len(),
        links = graph.links(),
        count = groups.count(),
        unlinked = network.hospitals().len() - linked.len()
    );
    document
        .section(
            Section::new("hospitals", "Who holds the network together", table)
                .note(summary)
                .note("Between: pairs of hospitals whose shortest connection runs through it."),
        )
        .section(
            Section::new("bridges", heading, bridges(network, graph))
                .note("Partners of one cooperation are linked with each other."),
        )
        .section(Section::new("cooperations", "Cooperations", list(network, graph)))
}

/// The pairs of hospitals whose link is the only connection between its two sides.
fn bridges(network: &Network, graph: &CooperationGraph<'_>) -> Table {
    Table::of(graph.bridges())
        .column(HOSPITAL, |bridge| Cell::text(&network[bridge.0].key))
        .column(PARTNER, |bridge| Cell::text(&network[bridge.1].key))
        .column(COOPERATIONS, |bridge| {
            // A link stands for all agreements of the two: it holds as long as one of them does.
            let partners = graph.partners(bridge.0);
            match partners.iter().find(|partner| partner.hospital == bridge.1) {
                Some(link) => keys(network, &link.cooperations),
                None => Cell::Missing,
            }
        })
        .build()
}

fn list(network: &Network, graph: &CooperationGraph<'_>) -> Table {
    let cooperations = graph.cooperations();
    Table::of(cooperations.into_iter().map(|id| &network[id]))
        .column(KEY, |cooperation| Cell::text(&cooperation.key))
        .column(KIND, |cooperation| Cell::word(cooperation.kind.name()))
        .column(MEMBERS, |cooperation| match &cooperation.parties {
            Parties::Mutual(partners) => Cell::text(partners.join(" – ")),
            Parties::Directed { from, to } => Cell::text(format!("{from} → {}", to.join(", "))),
        })
        .column(FIELD, |cooperation| Cell::list(&cooperation.fields))
        .detail(SINCE, |cooperation| cooperation.since.map_or(Cell::Missing, Cell::day))
        .detail(ASSUMED, |cooperation| Cell::list(&cooperation.assumed))
        .build()
}

/// What a hospital and one partner have together.
struct Together<'n> {
    partner: &'n Hospital,
    kinds: Vec<&'static str>,
    fields: Vec<String>,
    cooperations: Vec<CooperationId>,
}

/// Kinds of cooperation in the language in force.
fn in_words(kinds: &[&str]) -> Vec<String> {
    let mut told = Vec::new();
    for kind in kinds {
        // As files write them, such as `VisitingTeam`.
        told.push(words::of(kind).into_owned());
    }
    told
}

fn partners(network: &Network, graph: &CooperationGraph<'_>, id: HospitalId) -> Table {
    let mut rows = Vec::new();
    for partner in graph.partners(id) {
        // In the order of the cooperations, each once: several agreements often name the same fields.
        let mut kinds: Vec<&'static str> = Vec::new();
        let mut fields: Vec<String> = Vec::new();
        for &id in &partner.cooperations {
            let cooperation = &network[id];
            let kind = cooperation.kind.name();
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
            for field in &cooperation.fields {
                if !fields.contains(field) {
                    fields.push(field.clone());
                }
            }
        }
        let cooperations = partner.cooperations.clone();
        rows.push(Together { partner: &network[partner.hospital], kinds, fields, cooperations });
    }

    Table::of(rows)
        .column(PARTNER, |row| Cell::text(&row.partner.key))
        .detail(HOSPITAL_NAME, |row| Cell::text(&row.partner.name))
        .column(KIND, |row| Cell::told(|| in_words(&row.kinds)))
        .column(FIELD, |row| Cell::list(&row.fields))
        .detail(COOPERATIONS, |row| keys(network, &row.cooperations))
        .build()
}

fn dependences(network: &Network, graph: &CooperationGraph<'_>, field: &str) -> Table {
    Table::of(graph.dependences(field))
        .column(HOSPITAL, |row| Cell::text(&network[row.hospital].key))
        .detail(HOSPITAL_NAME, |row| Cell::text(&network[row.hospital].name))
        .column(DEPENDS_ON, |row| Cell::list(row.on.iter().map(|id| network[*id].key.as_str())))
        .detail(COOPERATIONS, |row| keys(network, &row.cooperations))
        .column(NOTE, |row| {
            // With a department of its own a hospital can go on without the partner, if worse.
            let department =
                if row.has_own_department { "a department of its own" } else { "no department" };
            match row.on.len() {
                1 => Cell::said(|| {
                    said!("{department}, one partner alone", department = words::of(department))
                }),
                partners => Cell::said(|| {
                    said!(
                        "{department}, {partners} partners",
                        department = words::of(department),
                        partners
                    )
                }),
            }
        })
        .build()
}
