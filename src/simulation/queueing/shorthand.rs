//! Short forms of models: one station, or a network of wards with a routing matrix.

use serde::Deserialize;

use super::Distribution;
use super::error::ReadError;
use super::model::{
    Alternate, Arrivals, Branch, Kind, Model, Preference, Route, Servers, Station, Stream, Target,
    TimeUnit, WaitingRoom, WhenFull,
};

#[derive(Deserialize)]
struct Type {
    #[serde(rename = "type")]
    name: String,
}

/// What the short forms share; unknown fields are remarks.
#[derive(Deserialize)]
struct Head {
    name: String,
    time_unit: TimeUnit,
    warmup: f64,
    horizon: f64,
    #[serde(default)]
    queue_capacity: Option<u32>,
}

#[derive(Deserialize)]
struct Single {
    servers: u32,
    lambda: f64,
    #[serde(default)]
    mu: Option<f64>,
    #[serde(default)]
    los: Option<Los>,
}

#[derive(Deserialize)]
struct Los {
    dist: String,
    mean: f64,
    #[serde(default)]
    cv: Option<f64>,
}

#[derive(Deserialize)]
struct Net {
    capacity: String,
    nodes: Vec<Node>,
    routing: Vec<Vec<f64>>,
    #[serde(default)]
    external_full: String,
}

#[derive(Deserialize)]
struct Node {
    name: String,
    beds: u32,
    lambda: f64,
    los: Los,
    #[serde(default)]
    divert: Vec<usize>,
}

fn notation(message: impl std::fmt::Display) -> ReadError {
    ReadError::Notation(message.to_string())
}

pub(super) fn read(text: &str) -> Result<Model, ReadError> {
    let of_type: Type = serde_json::from_str(text).map_err(notation)?;
    let head: Head = serde_json::from_str(text).map_err(notation)?;
    let mut model = Model {
        name: head.name,
        time_unit: head.time_unit,
        warm_up: head.warmup,
        horizon: head.horizon,
        ..Model::default()
    };
    let room = match head.queue_capacity {
        None => WaitingRoom::Infinite,
        Some(0) => WaitingRoom::None,
        Some(places) => WaitingRoom::Finite(places),
    };
    match of_type.name.as_str() {
        "MMc" | "MGcc" => {
            let single: Single = serde_json::from_str(text).map_err(notation)?;
            let service = match (single.mu, single.los) {
                (_, Some(los)) => los.distribution()?,
                (Some(mu), None) => Distribution::Exponential { mean: 1.0 / mu },
                (None, None) => return Err(notation("neither \"mu\" nor \"los\"")),
            };
            model.stations.push(Station {
                key: "station".into(),
                servers: Servers::Finite(single.servers),
                waiting_room: room,
                service: Some(service),
                ..Station::default()
            });
            model.streams.push(stream("station", single.lambda));
        }
        "net" => net(&mut model, text, room)?,
        other => return Err(ReadError::UnknownType(other.to_owned())),
    }
    Ok(model)
}

impl Los {
    fn distribution(self) -> Result<Distribution, ReadError> {
        let mean = self.mean;
        let cv = || self.cv.ok_or_else(|| notation(format!("a {} without \"cv\"", self.dist)));
        Ok(match self.dist.as_str() {
            "exponential" => Distribution::Exponential { mean },
            "lognormal" => Distribution::Lognormal { mean, cv: cv()? },
            "gamma" => Distribution::Gamma { mean, cv: cv()? },
            "deterministic" => Distribution::Deterministic(mean),
            other => {
                return Err(notation(format!(
                    "unknown distribution \"{other}\"; expected exponential, lognormal, gamma or deterministic"
                )));
            }
        })
    }
}

/// A stream to one station.
fn stream(station: &str, rate: f64) -> Stream {
    let preference = Preference { first: vec![(station.into(), 1.0)], ..Preference::default() };
    Stream {
        key: format!("to {station}"),
        arrivals: Arrivals::Poisson { rate, week: Vec::new(), year: Vec::new(), curve: None },
        kinds: vec![Kind { preferences: vec![preference], ..Kind::default() }],
        keeps: None,
        track: false,
    }
}

fn net(model: &mut Model, text: &str, room: WaitingRoom) -> Result<(), ReadError> {
    let net: Net = serde_json::from_str(text).map_err(notation)?;
    let count = net.nodes.len();
    if net.routing.len() != count || net.routing.iter().any(|row| row.len() != count) {
        return Err(notation(format!("the routing is not a matrix of {count} x {count}")));
    }
    let names: Vec<String> = net.nodes.iter().map(|node| node.name.clone()).collect();
    let is_infinite = match net.capacity.as_str() {
        "infinite" => true,
        "beds" => false,
        other => {
            return Err(notation(format!(
                "unknown capacity \"{other}\"; expected infinite or beds"
            )));
        }
    };
    // The remark tells whether the alternates count.
    let diverts = net.external_full.starts_with("try node.divert");
    for (node, row) in net.nodes.into_iter().zip(&net.routing) {
        let branch = |(to, share): (&String, &f64)| Branch {
            share: *share,
            to: Target::Station(to.clone()),
            when_full: WhenFull::Wait,
            ..Branch::default()
        };
        let some = names.iter().zip(row).filter(|(_, share)| **share != 0.0);
        let branches: Vec<Branch> = some.map(branch).collect();
        let mut alternates = Vec::new();
        for &at in node.divert.iter().filter(|_| diverts) {
            let to = names.get(at).ok_or_else(|| {
                notation(format!("node \"{}\" diverts to {at}, which does not exist", node.name))
            })?;
            alternates.push(Alternate { to: to.clone(), ..Alternate::default() });
        }
        model.streams.push(stream(&node.name, node.lambda));
        model.stations.push(Station {
            key: node.name,
            servers: if is_infinite { Servers::Infinite } else { Servers::Finite(node.beds) },
            waiting_room: if is_infinite { WaitingRoom::Infinite } else { room },
            service: Some(node.los.distribution()?),
            alternates,
            routes: vec![Route { branches, ..Route::default() }],
            ..Station::default()
        });
    }
    Ok(())
}
