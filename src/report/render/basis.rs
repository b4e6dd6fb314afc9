//! What a result rests on, as rows of texts: sources, and what is assumed or derived.

use crate::model::{Basis, Catalog, Network};

/// Rows that are written one after the other.
type Rows = Vec<Vec<String>>;

/// The sources of a network: key, title, year, licence, address.
pub(super) fn sources(network: &Network) -> Rows {
    let mut rows = Vec::new();
    for (key, source) in network.sources() {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let (year, licence, url) = (&source.year, &source.licence, &source.url);
        rows.push(vec![key.clone(), source.title.clone(), text(year), text(licence), text(url)]);
    }
    rows
}

/// The values that nobody published, and those that a rule gave: of what, its key, which value, what it rests on.
pub(super) fn assumptions(network: &Network) -> Rows {
    let mut rows = Vec::new();
    push_assumed(&mut rows, "network", "", network.assumed());
    for (path, rule) in network.derived() {
        push_derived(&mut rows, "network", "", path, rule);
    }
    for hospital in network.hospitals() {
        push_assumed(&mut rows, "hospital", &hospital.key, &hospital.assumed);
        for (path, rule) in &hospital.derived {
            push_derived(&mut rows, "hospital", &hospital.key, path, rule);
        }
    }
    for cooperation in network.cooperations() {
        push_assumed(&mut rows, "cooperation", &cooperation.key, &cooperation.assumed);
    }
    push_catalog(&mut rows, network.catalog());
    rows
}

fn push_catalog(rows: &mut Rows, catalog: &Catalog) {
    for standard in &catalog.standards {
        // A limit has no mark of its own: its source says where it is assumed.
        if standard.source.contains("assumed") {
            push(rows, ["standard", &standard.key, "minutes", "assumed"]);
        }
    }
    for rate in &catalog.demand.rates {
        match rate.basis() {
            Basis::Assumed => push(rows, ["demand", &rate.specialty, "rate", "assumed"]),
            Basis::Derived => {
                let rule = rate.derived.as_deref().unwrap_or_default();
                push_derived(rows, "demand", &rate.specialty, "rate", rule);
            }
            Basis::Sourced => {}
        }
    }
    for condition in &catalog.demand.conditions {
        if condition.assumed {
            push(rows, ["demand", &condition.key, "rate", "assumed"]);
        }
    }
    for pathway in &catalog.pathways {
        push_assumed(rows, "pathway", &pathway.key, &pathway.assumed);
        for target in &pathway.targets {
            if target.source.contains("assumed") && !pathway.is_assumed("targets") {
                push(rows, ["pathway", &pathway.key, "targets", "assumed"]);
            }
        }
    }
    push_assumed(rows, "first leg", "", &catalog.first_leg.assumed);
}

fn push_assumed(rows: &mut Rows, of: &str, key: &str, paths: &[String]) {
    for path in paths {
        push(rows, [of, key, path, "assumed"]);
    }
}

fn push_derived(rows: &mut Rows, of: &str, key: &str, path: &str, rule: &str) {
    push(rows, [of, key, path, &format!("derived: {rule}")]);
}

fn push(rows: &mut Rows, row: [&str; 4]) {
    rows.push(row.map(str::to_owned).to_vec());
}
