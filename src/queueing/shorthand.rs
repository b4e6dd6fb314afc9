//! Short forms of models: one station, or a network of wards with a routing matrix.

use std::collections::HashSet;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::Distribution;
use super::error::ReadError;
use super::model::{
    Alternate, ArrivalStream, Arrivals, Branch, Kind, Model, Preference, Route, Servers, Station,
    Target, TimeUnit, WaitingRoom,
};
use super::notation::json_fault;

/// One station. Fields with `_` say what the others say already, or what somebody else calculated.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Single {
    #[serde(rename = "type")]
    kind: String,
    name: String,
    time_unit: TimeUnit,
    warmup: f64,
    horizon: f64,
    #[serde(default)]
    queue_capacity: Option<u32>,
    servers: u32,
    lambda: f64,
    #[serde(default)]
    mu: Option<f64>,
    #[serde(default)]
    los: Option<Los>,
    #[serde(default)]
    full: Option<Full>,
    #[serde(default, rename = "analytic")]
    _analytic: IgnoredAny,
    #[serde(default, rename = "note")]
    _note: IgnoredAny,
}

/// What happens to customers who find a full station.
#[derive(Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Full {
    Lost,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Los {
    dist: Shape,
    mean: f64,
    #[serde(default)]
    cv: Option<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Shape {
    Exponential,
    Lognormal,
    Gamma,
    Deterministic,
}

/// Wards. Fields with `_` are remarks.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Net {
    #[serde(rename = "type")]
    _kind: String,
    name: String,
    time_unit: TimeUnit,
    warmup: f64,
    horizon: f64,
    #[serde(default)]
    queue_capacity: Option<u32>,
    capacity: Capacity,
    nodes: Vec<Node>,
    routing: Vec<Vec<f64>>,
    #[serde(default)]
    external_full: Option<ExternalFull>,
    #[serde(default, rename = "transfer_full")]
    _transfer_full: Option<TransferFull>,
    #[serde(default, rename = "routing_note")]
    _routing_note: IgnoredAny,
    #[serde(default, rename = "analytic")]
    _analytic: IgnoredAny,
    #[serde(default, rename = "note")]
    _note: IgnoredAny,
}

#[derive(Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Capacity {
    Infinite,
    Beds,
}

/// What happens to customers from outside who find a full ward. The sentences are those of older files.
#[derive(Clone, Copy, PartialEq, Deserialize)]
enum ExternalFull {
    #[serde(rename = "lost")]
    Lost,
    #[serde(
        rename = "divert",
        alias = "try node.divert in order",
        alias = "try node.divert in order, first with free bed; else lost"
    )]
    Divert,
}

/// What happens to customers of other wards who find a full ward: there is one way only. The sentence is that of older files.
#[derive(Clone, Copy, PartialEq, Deserialize)]
enum TransferFull {
    #[serde(
        rename = "block",
        alias = "block_after_service (keeps origin bed; FIFO; freed bed goes to blocked first)"
    )]
    Block,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Node {
    name: String,
    beds: u32,
    lambda: f64,
    los: Los,
    #[serde(default)]
    divert: Vec<usize>,
    #[serde(default, rename = "id")]
    _id: IgnoredAny,
    #[serde(default, rename = "level")]
    _level: IgnoredAny,
    #[serde(default, rename = "x")]
    _x: IgnoredAny,
    #[serde(default, rename = "y")]
    _y: IgnoredAny,
}

/// Types of short forms.
const TYPES: [&str; 3] = ["MMc", "MGcc", "net"];

/// Reads a short form of a type.
pub(super) fn read(text: &str, kind: &str) -> Result<Model, ReadError> {
    let fault = |error: serde_json::Error| json_fault(&error, text);
    if kind == "net" {
        return net(serde_json::from_str(text).map_err(fault)?, text);
    }
    if !TYPES.contains(&kind) {
        let (line, column) = place_of(text, "type");
        return Err(ReadError::UnknownType { line, column, name: kind.to_owned() });
    }
    single(serde_json::from_str(text).map_err(fault)?, text)
}

/// Line and column, from 1, of the first field of this name in a text; its start where there is none.
fn place_of(text: &str, field: &str) -> (usize, usize) {
    let quoted = format!("\"{field}\"");
    let before = &text[..text.find(&quoted).unwrap_or(0)];
    let line_start = before.rfind('\n').map_or(0, |position| position + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// A fault of a value, at the field that has it.
fn wrong(text: &str, field: &str, message: String) -> ReadError {
    let (line, column) = place_of(text, field);
    ReadError::Notation { line, column, message }
}

fn waiting_room(places: Option<u32>) -> WaitingRoom {
    match places {
        None => WaitingRoom::Infinite,
        Some(0) => WaitingRoom::None,
        Some(places) => WaitingRoom::Finite(places),
    }
}

fn single(single: Single, text: &str) -> Result<Model, ReadError> {
    let service = match (single.mu, &single.los) {
        (Some(_), Some(_)) => {
            let message = "\"mu\" and \"los\" both say how long a service takes; take one of them";
            return Err(wrong(text, "mu", message.to_owned()));
        }
        (None, Some(los)) => los.distribution(text)?,
        (Some(mu), None) => Distribution::Exponential { mean: 1.0 / mu },
        (None, None) => {
            let message = "neither \"mu\" nor \"los\" says how long a service takes".to_owned();
            return Err(wrong(text, "type", message));
        }
    };
    let is_exponential = matches!(service, Distribution::Exponential { .. });
    // The name would promise formulas that do not hold.
    if single.kind == "MMc" && !is_exponential {
        let message = "\"los\" is not exponential, but the type is MMc; expected MGcc".to_owned();
        return Err(wrong(text, "los", message));
    }
    if single.full == Some(Full::Lost) && single.queue_capacity.is_none() {
        let message =
            "\"full\" is \"lost\", but any number can wait; expected a \"queue_capacity\"";
        return Err(wrong(text, "full", message.to_owned()));
    }
    let station = Station {
        key: "station".into(),
        servers: Servers::Finite(single.servers),
        waiting_room: waiting_room(single.queue_capacity),
        service: Some(service),
        ..Station::default()
    };
    Ok(Model {
        name: single.name,
        time_unit: single.time_unit,
        warm_up: single.warmup,
        horizon: single.horizon,
        stations: vec![station],
        streams: vec![stream("station", single.lambda)],
        ..Model::default()
    })
}

impl Los {
    fn distribution(&self, text: &str) -> Result<Distribution, ReadError> {
        let mean = self.mean;
        let (name, shape_cv) = match self.dist {
            Shape::Exponential => ("exponential", Some(1.0)),
            Shape::Deterministic => ("deterministic", Some(0.0)),
            Shape::Lognormal => ("lognormal", None),
            Shape::Gamma => ("gamma", None),
        };
        match (self.cv, shape_cv) {
            (None, None) => return Err(wrong(text, "dist", format!("a {name} without \"cv\""))),
            (Some(cv), Some(shape_cv)) if cv != shape_cv => {
                let message =
                    format!("a \"cv\" of {cv}, but that of \"{name}\" is {shape_cv}; leave it out");
                return Err(wrong(text, "cv", message));
            }
            _ => {}
        }
        let cv = self.cv.or(shape_cv).unwrap_or_default();
        Ok(match self.dist {
            Shape::Exponential => Distribution::Exponential { mean },
            Shape::Lognormal => Distribution::Lognormal { mean, cv },
            Shape::Gamma => Distribution::Gamma { mean, cv },
            Shape::Deterministic => Distribution::Deterministic(mean),
        })
    }
}

/// A stream to one station.
fn stream(station: &str, rate: f64) -> ArrivalStream {
    let preference = Preference { first: vec![(station.into(), 1.0)], ..Preference::default() };
    ArrivalStream {
        key: format!("to {station}"),
        arrivals: Arrivals::Poisson { rate, week: Vec::new(), year: Vec::new(), curve: None },
        kinds: vec![Kind { preferences: vec![preference], ..Kind::default() }],
        keeps: None,
        track: false,
    }
}

/// What only all of a net together can tell.
fn check_net(net: &Net, text: &str) -> Result<(), ReadError> {
    let count = net.nodes.len();
    if net.routing.len() != count || net.routing.iter().any(|row| row.len() != count) {
        let message = format!("the routing is not a matrix of {count} x {count}");
        return Err(wrong(text, "routing", message));
    }
    let is_infinite = net.capacity == Capacity::Infinite;
    if is_infinite && net.queue_capacity.is_some() {
        let message = "\"queue_capacity\", but with infinite capacity nobody waits; leave it out";
        return Err(wrong(text, "queue_capacity", message.to_owned()));
    }
    let with_alternates = net.nodes.iter().find(|node| !node.divert.is_empty());
    if let Some(node) = with_alternates.filter(|_| !is_infinite && net.external_full.is_none()) {
        let message = format!(
            "node \"{}\" has \"divert\", but nothing says whether it counts; expected \"external_full\": \"divert\" or \"lost\"",
            node.name
        );
        return Err(wrong(text, "divert", message));
    }
    let mut known: HashSet<&str> = HashSet::new();
    for node in &net.nodes {
        if !known.insert(&node.name) {
            return Err(wrong(text, "nodes", format!("two nodes are called \"{}\"", node.name)));
        }
    }
    Ok(())
}

fn net(net: Net, text: &str) -> Result<Model, ReadError> {
    check_net(&net, text)?;
    let (count, is_infinite) = (net.nodes.len(), net.capacity == Capacity::Infinite);
    let names: Vec<String> = net.nodes.iter().map(|node| node.name.clone()).collect();
    let diverts = net.external_full == Some(ExternalFull::Divert);
    let mut model = Model {
        name: net.name,
        time_unit: net.time_unit,
        warm_up: net.warmup,
        horizon: net.horizon,
        ..Model::default()
    };
    for (node, shares) in net.nodes.into_iter().zip(&net.routing) {
        let mut branches = Vec::new();
        for (name, share) in names.iter().zip(shares) {
            if *share != 0.0 {
                let to = Target::Station(name.clone());
                branches.push(Branch { share: *share, to, ..Branch::default() });
            }
        }
        // Positions are checked even where they do not count: they are wrong all the same.
        let mut alternates = Vec::new();
        for &position in &node.divert {
            let Some(name) = names.get(position) else {
                let message = format!(
                    "node \"{}\" diverts to {position}, which does not exist; expected 0 to {}",
                    node.name,
                    count - 1
                );
                return Err(wrong(text, "divert", message));
            };
            if diverts {
                alternates.push(Alternate { to: name.clone(), ..Alternate::default() });
            }
        }
        // A ward may have patients of other wards only.
        if node.lambda != 0.0 {
            model.streams.push(stream(&node.name, node.lambda));
        }
        model.stations.push(Station {
            key: node.name,
            servers: if is_infinite { Servers::Infinite } else { Servers::Finite(node.beds) },
            waiting_room: waiting_room(net.queue_capacity),
            service: Some(node.los.distribution(text)?),
            alternates,
            routes: vec![Route { branches, ..Route::default() }],
            ..Station::default()
        });
    }
    Ok(model)
}
