//! The tags of OpenStreetMap that matter for roads.

/// A key that is looked at; all others are dropped while a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Access,
    Area,
    Barrier,
    Direction,
    Duration,
    Except,
    Highway,
    Junction,
    Lanes,
    Maxspeed,
    MaxspeedBackward,
    MaxspeedForward,
    MaxspeedType,
    MotorVehicle,
    Motorcar,
    Name,
    Oneway,
    Ref,
    Restriction,
    RestrictionMotorcar,
    Route,
    SignalDirection,
    Surface,
    Type,
    Vehicle,
    Width,
}

impl Key {
    fn of(text: &str) -> Option<Self> {
        Some(match text {
            "access" => Self::Access,
            "area" => Self::Area,
            "barrier" => Self::Barrier,
            "direction" => Self::Direction,
            "duration" => Self::Duration,
            "except" => Self::Except,
            "highway" => Self::Highway,
            "junction" => Self::Junction,
            "lanes" => Self::Lanes,
            "maxspeed" => Self::Maxspeed,
            "maxspeed:backward" => Self::MaxspeedBackward,
            "maxspeed:forward" => Self::MaxspeedForward,
            // Mappers say in any of them that a limit is the one of towns.
            "maxspeed:type" | "source:maxspeed" | "zone:maxspeed" | "zone:traffic" => {
                Self::MaxspeedType
            }
            "motor_vehicle" => Self::MotorVehicle,
            "motorcar" => Self::Motorcar,
            "name" => Self::Name,
            "oneway" => Self::Oneway,
            "ref" => Self::Ref,
            "restriction" => Self::Restriction,
            "restriction:motorcar" => Self::RestrictionMotorcar,
            "route" => Self::Route,
            "traffic_signals:direction" => Self::SignalDirection,
            "surface" => Self::Surface,
            "type" => Self::Type,
            "vehicle" => Self::Vehicle,
            "width" => Self::Width,
            _ => return None,
        })
    }
}

/// The longest value that is kept; a longer one says nothing about a road.
const LONGEST_VALUE: usize = 255;

/// The tags of an element that matter for roads.
#[derive(Debug, Default)]
pub(super) struct Tags {
    kept: Vec<Tag>,
}

#[derive(Debug)]
struct Tag {
    key: Key,
    value: String,
}

impl Tags {
    pub(super) fn clear(&mut self) {
        self.kept.clear();
    }

    pub(super) fn add(&mut self, key: &str, value: &str) {
        let Some(key) = Key::of(key) else { return };
        // The first one counts, so that a file with the same key again and again stays small.
        if value.len() <= LONGEST_VALUE && self.get(key).is_none() {
            self.kept.push(Tag { key, value: value.trim().to_owned() });
        }
    }

    pub(super) fn get(&self, key: Key) -> Option<&str> {
        // A handful of tags: a list is faster than a table.
        let tag = self.kept.iter().find(|tag| tag.key == key)?;
        Some(&tag.value)
    }

    /// Whether a key has one of these values.
    pub(super) fn is(&self, key: Key, values: &[&str]) -> bool {
        self.get(key).is_some_and(|value| values.contains(&value))
    }
}
