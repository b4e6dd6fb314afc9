//! Who works with whom, as tables.

use super::document::{Cell, Document, Section, Table};
use super::open;
use crate::model::{CooperationGraph, CooperationId, HospitalId, Network, Parties};
use crate::region::Region;

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
            open(format!("Partners of {name}"), region).section(Section::new(
                "partners",
                format!("{name} works with"),
                partners(network, graph, *hospital),
            ))
        }
        GraphQuestion::Dependences(field) => {
            let heading = format!("Who depends on whom for {}", network.catalog().name(field));
            open("Dependences", region).about("field", field.as_str()).section(
                Section::new("dependences", heading, dependences(network, graph, field))
                    .note("With one partner alone, there is no second to turn to."),
            )
        }
    }
}

fn keys(network: &Network, cooperations: &[CooperationId]) -> Cell {
    let keys = cooperations.iter().map(|&id| network[id].key.clone());
    Cell::List(keys.collect())
}

fn shape(document: Document, network: &Network, graph: &CooperationGraph<'_>) -> Document {
    let between = graph.betweenness();
    let articulation = graph.articulation_hospitals();
    let components = graph.components();
    let group_of = |id: HospitalId| {
        components.iter().position(|group| group.contains(&id)).map_or(0, |index| index + 1)
    };
    let mut ids: Vec<HospitalId> =
        network.iter().map(|(id, _)| id).filter(|id| graph.degree(*id) > 0).collect();
    ids.sort_by(|a, b| {
        between[b.index()]
            .total_cmp(&between[a.index()])
            .then(graph.degree(*b).cmp(&graph.degree(*a)))
            .then(a.cmp(b))
    });
    let mut table = Table::new(&[
        "hospital",
        "hospital_name",
        "degree",
        "betweenness",
        "is_articulation",
        "component",
    ]);
    for id in &ids {
        table.row(vec![
            Cell::text(&network[*id].key),
            Cell::text(&network[*id].name),
            Cell::Count(graph.degree(*id) as u64),
            Cell::Number(between[id.index()], 1),
            Cell::Flag(articulation.contains(id)),
            Cell::Count(group_of(*id) as u64),
        ]);
    }
    let mut bridges = Table::new(&["hospital", "partner", "cooperations"]);
    for (a, b) in graph.bridges() {
        let partners = graph.partners(a);
        let link = partners.iter().find(|partner| partner.hospital == b);
        bridges.row(vec![
            Cell::text(&network[a].key),
            Cell::text(&network[b].key),
            link.map_or(Cell::Missing, |link| keys(network, &link.cooperations)),
        ]);
    }
    let linked = components.iter().filter(|group| group.len() > 1);
    let summary = format!(
        "{} hospitals are linked by {} pairs in {} groups; of {} no cooperation is known.",
        ids.len(),
        graph.links(),
        linked.count(),
        network.hospitals().len() - ids.len()
    );
    document
        .section(
            Section::new(
                "hospitals",
                "Who holds the network together",
                table.details(&["hospital_name"]),
            )
            .note(summary)
            .note("Between: pairs of hospitals whose shortest connection runs through it."),
        )
        .section(
            Section::new("bridges", "Links that are the only connection of their sides", bridges)
                .note("Partners of one cooperation are linked with each other."),
        )
        .section(Section::new(
            "cooperations",
            "Cooperations",
            list(network, graph).details(&["since", "assumed"]),
        ))
}

fn list(network: &Network, graph: &CooperationGraph<'_>) -> Table {
    let mut table = Table::new(&["key", "kind", "members", "field", "since", "assumed"]);
    for one in graph.cooperations().into_iter().map(|id| &network[id]) {
        let members = match &one.parties {
            Parties::Mutual(partners) => partners.join(" – "),
            Parties::Directed { from, to } => format!("{from} → {}", to.join(", ")),
        };
        table.row(vec![
            Cell::text(&one.key),
            Cell::text(one.kind.name()),
            Cell::text(members),
            Cell::List(one.fields.clone()),
            Cell::maybe_text(one.since.map(|date| date.to_string())),
            Cell::List(one.assumed.clone()),
        ]);
    }
    table
}

fn partners(network: &Network, graph: &CooperationGraph<'_>, id: HospitalId) -> Table {
    let mut table = Table::new(&["partner", "hospital_name", "kind", "field", "cooperations"]);
    for partner in graph.partners(id) {
        let together = partner.cooperations.iter().map(|&id| &network[id]);
        let (mut kinds, mut fields): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        for one in together {
            let kind = one.kind.name().to_owned();
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
            let new = one.fields.iter().filter(|field| !fields.contains(field)).cloned();
            let new: Vec<String> = new.collect();
            fields.extend(new);
        }
        table.row(vec![
            Cell::text(&network[partner.hospital].key),
            Cell::text(&network[partner.hospital].name),
            Cell::List(kinds),
            Cell::List(fields),
            keys(network, &partner.cooperations),
        ]);
    }
    table.details(&["cooperations"])
}

fn dependences(network: &Network, graph: &CooperationGraph<'_>, field: &str) -> Table {
    let mut table =
        Table::new(&["hospital", "hospital_name", "depends_on", "cooperations", "note"]);
    for one in graph.dependences(field) {
        let own = if one.has_own_department { "a department of its own" } else { "no department" };
        let note = if one.on.len() == 1 {
            format!("{own}, one partner alone")
        } else {
            format!("{own}, {} partners", one.on.len())
        };
        table.row(vec![
            Cell::text(&network[one.hospital].key),
            Cell::text(&network[one.hospital].name),
            Cell::List(one.on.iter().map(|id| network[*id].key.clone()).collect()),
            keys(network, &one.cooperations),
            Cell::text(note),
        ]);
    }
    table.details(&["hospital_name", "cooperations"])
}
