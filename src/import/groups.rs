//! Sites of one operator: edges of ownership, and groups.

use std::collections::BTreeMap;

use super::keys::{group_key, operator_key};
use crate::model::{Alliance, Cooperation, CooperationKind, Hospital, Parties, Purpose};

/// An edge of ownership for each operator with two sites or more. Two sites are of one operator when the names of
/// their operators are the same but for legal form, case and marks; whether one operator belongs to another is not
/// in the directory.
pub(super) fn ownership_edges(hospitals: &[Hospital], source: &str) -> Vec<Cooperation> {
    let mut by_operator: BTreeMap<String, Vec<&Hospital>> = BTreeMap::new();
    for hospital in hospitals {
        if let Some(key) = operator_key(&hospital.operator) {
            by_operator.entry(key).or_default().push(hospital);
        }
    }

    let mut edges = Vec::new();
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    for sites in by_operator.into_values() {
        if sites.len() < 2 {
            // Other sites of the operator may lie in districts that are not imported.
            continue;
        }

        // Operators that differ in more than their legal form may still have one short key.
        let name = format!("{}-ownership", group_key(&sites[0].operator));
        let count = uses.entry(name.clone()).or_default();
        *count += 1;
        let key = if *count == 1 { name } else { format!("{name}-{count}") };

        let partners = sites.iter().map(|site| site.key.clone()).collect();
        let edge = Cooperation::new(key, CooperationKind::Ownership, Parties::Mutual(partners));
        let edge = edge.fields(&["administration"]);
        edges.push(Cooperation { sources: vec![source.to_owned()], ..edge });
    }
    edges
}

/// A group for each edge of ownership, with the name of the operator.
pub(super) fn alliances(
    edges: &[Cooperation],
    hospitals: &[Hospital],
    source: &str,
) -> Vec<Alliance> {
    let mut operators: BTreeMap<&str, &str> = BTreeMap::new();
    for hospital in hospitals {
        operators.insert(&hospital.key, &hospital.operator);
    }

    let mut alliances = Vec::new();
    for edge in edges {
        // An edge of ownership has two members or more.
        let members: Vec<String> = edge.parties.keys().into_iter().map(str::to_owned).collect();
        let name = operators.get(members[0].as_str()).copied().unwrap_or_default();
        alliances.push(Alliance {
            key: edge.key.trim_end_matches("-ownership").to_owned() + "-group",
            name: name.to_owned(),
            members,
            other_members: Vec::new(),
            total_members: None,
            purposes: vec![Purpose::Ownership],
            since: None,
            until: None,
            sources: vec![source.to_owned()],
            assumed: Vec::new(),
            note: None,
        });
    }
    alliances
}
