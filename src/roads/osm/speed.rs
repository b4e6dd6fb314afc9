//! How fast a car drives on a way: posted limits, classes, surfaces, widths.
//!
//! The numbers are those of OSRM's profile `car.lua` (github.com/Project-OSRM/osrm-backend, BSD), which many
//! services drive by; where they are of Germany's road traffic act, that is said.

use super::tags::{Key, Tags};
use crate::roads::RoadClass;

/// What is driven of a posted limit, bends, other cars and lights taken together: OSRM's `speed_reduction`.
const SHARE_OF_LIMIT: f64 = 0.8;
/// km/h that stand for `none`: OSRM's, near the 130 km/h that Germany recommends and somewhat above.
const NO_LIMIT: f64 = 140.0;
/// km/h of a mile an hour.
const MILE: f64 = 1.609_344;
/// km/h at the pace of people on foot: 7 by German courts for `walk` and living streets.
const WALK: f64 = 7.0;
/// Metres of width below which two cars do not pass each other, and what is driven then: OSRM halves it.
const NARROW_METRES: f64 = 3.0;
const SHARE_WHERE_NARROW: f64 = 0.5;
/// A speed above it is a mistake of the map.
const FASTEST: f64 = 250.0;

/// km/h both ways.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Speeds {
    pub(super) forward: f64,
    pub(super) backward: f64,
}

/// The speeds on a way of a class.
pub(super) fn speeds(tags: &Tags, class: RoadClass) -> Speeds {
    Speeds {
        forward: speed(tags, class, Key::MaxspeedForward),
        backward: speed(tags, class, Key::MaxspeedBackward),
    }
}

/// The speed in the direction whose own limit stands under `key`.
fn speed(tags: &Tags, class: RoadClass, key: Key) -> f64 {
    // The class stands in where nobody drew the sign.
    let mut speed = class.usual_speed();
    // A limit of a direction goes before one of the way, and a number before the kind of a limit.
    for key in [key, Key::Maxspeed, Key::MaxspeedType] {
        if let Some(limit) = tags.get(key).and_then(posted) {
            speed = limit * SHARE_OF_LIMIT;
            break;
        }
    }
    // Where people on foot come first nobody drives faster than they do, whatever is posted.
    if class == RoadClass::LivingStreet {
        speed = speed.min(class.usual_speed());
    }
    if let Some(cap) = tags.get(Key::Surface).and_then(surface_cap) {
        speed = speed.min(cap);
    }
    let width = tags.get(Key::Width).and_then(metres);
    if width.is_some_and(|width| width < NARROW_METRES) {
        speed *= SHARE_WHERE_NARROW;
    }
    speed
}

/// A posted limit in km/h: of a list (`50;30`) or a value by the hour the first plain one.
pub(super) fn posted(value: &str) -> Option<f64> {
    for part in value.split([';', '|', ',']) {
        if let Some(limit) = plain_limit(part.trim()) {
            return Some(limit);
        }
    }
    None
}

fn plain_limit(text: &str) -> Option<f64> {
    match text {
        "none" => return Some(NO_LIMIT),
        "walk" => return Some(WALK),
        _ => {}
    }
    if let Some((country, kind)) = text.split_once(':') {
        return limit_of_kind(country, kind);
    }
    let (number, factor) = match text.strip_suffix("mph") {
        Some(miles) => (miles, MILE),
        None => (text.strip_suffix("km/h").unwrap_or(text), 1.0),
    };
    let limit = number.trim().parse::<f64>().ok()? * factor;
    (limit > 0.0 && limit <= FASTEST).then_some(limit)
}

/// The limit of a kind of road in a country, such as `DE:urban`.
fn limit_of_kind(country: &str, kind: &str) -> Option<f64> {
    // `DE:zone:30`, `DE:zone30`, `DE:30` say the number.
    let number = kind.trim_start_matches(|sign: char| !sign.is_ascii_digit());
    if let Ok(limit) = number.parse::<f64>() {
        return (limit > 0.0 && limit <= FASTEST).then_some(limit);
    }
    let is_german = country.eq_ignore_ascii_case("de");
    match kind {
        "urban" => Some(50.0),
        // Section 3 of Germany's road traffic act; 90 is what most other countries of Europe have.
        "rural" if is_german => Some(100.0),
        "rural" => Some(90.0),
        "trunk" => Some(110.0),
        "motorway" if is_german => Some(NO_LIMIT),
        "motorway" => Some(130.0),
        "living_street" | "walk" => Some(WALK),
        "bicycle_road" => Some(30.0),
        _ => None,
    }
}

/// The km/h that a surface allows; `None` for asphalt, concrete, and what nobody knows.
fn surface_cap(surface: &str) -> Option<f64> {
    Some(match surface {
        "cement" | "compacted" | "fine_gravel" => 80.0,
        "paving_stones" | "metal" | "bricks" => 60.0,
        "grass" | "wood" | "sett" | "grass_paver" | "gravel" | "unpaved" | "ground" | "dirt"
        | "pebblestone" => 40.0,
        "cobblestone" | "unhewn_cobblestone" | "clay" => 30.0,
        "earth" | "stone" | "rocky" | "sand" => 20.0,
        "mud" => 10.0,
        _ => return None,
    })
}

/// A width in metres: `2.5`, `2.5 m`.
fn metres(value: &str) -> Option<f64> {
    let number = value.strip_suffix('m').unwrap_or(value).trim();
    number.parse::<f64>().ok().filter(|width| *width > 0.0)
}

/// The seconds of a ferry's `duration`: `01:30` (hours and minutes), `00:20:30`, `45` (minutes), `PT1H30M`.
pub(super) fn duration(value: &str) -> Option<f64> {
    const LONGEST: f64 = 7.0 * 24.0 * 3600.0;
    let seconds = match value.strip_prefix("PT") {
        Some(period) => of_period(period)?,
        None => of_clock(value)?,
    };
    (seconds > 0.0 && seconds <= LONGEST).then_some(seconds)
}

fn of_clock(value: &str) -> Option<f64> {
    // Whole numbers only: a sign or a fraction is no clock.
    let mut parts = Vec::new();
    for part in value.split(':') {
        parts.push(f64::from(part.trim().parse::<u32>().ok()?));
    }
    match parts[..] {
        [minutes] => Some(minutes * 60.0),
        [hours, minutes] => Some(hours * 3600.0 + minutes * 60.0),
        [hours, minutes, seconds] => Some(hours * 3600.0 + minutes * 60.0 + seconds),
        _ => None,
    }
}

fn of_period(period: &str) -> Option<f64> {
    let mut seconds = 0.0;
    let mut digits = String::new();
    for sign in period.chars() {
        let unit = match sign {
            'H' => 3600.0,
            'M' => 60.0,
            'S' => 1.0,
            _ => {
                digits.push(sign);
                continue;
            }
        };
        seconds += f64::from(digits.parse::<u32>().ok()?) * unit;
        digits.clear();
    }
    digits.is_empty().then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read_as_mappers_write_them() {
        for (text, limit) in [
            ("50", Some(50.0)),
            ("30 mph", Some(30.0 * MILE)),
            ("70km/h", Some(70.0)),
            ("none", Some(140.0)),
            ("walk", Some(7.0)),
            ("DE:urban", Some(50.0)),
            ("DE:rural", Some(100.0)),
            ("FR:rural", Some(90.0)),
            ("DE:motorway", Some(140.0)),
            ("DE:zone:30", Some(30.0)),
            ("DE:zone20", Some(20.0)),
            ("AT:70", Some(70.0)),
            ("50;30", Some(50.0)),
            ("signals;80", Some(80.0)),
            ("30 @ (Mo-Fr 07:00-17:00); 50", Some(50.0)),
            ("signals", None),
            ("variable", None),
            ("0", None),
            ("-5", None),
            ("1e9", None),
            ("NaN", None),
            ("inf", None),
            ("", None),
        ] {
            assert_eq!(posted(text), limit, "{text}");
        }
    }

    #[test]
    fn durations_of_ferries_are_read() {
        for (text, seconds) in [
            ("00:05", Some(300.0)),
            ("1:30", Some(5400.0)),
            ("00:20:30", Some(1230.0)),
            ("45", Some(2700.0)),
            ("PT1H30M", Some(5400.0)),
            ("PT45S", Some(45.0)),
            ("PT", None),
            ("PT5", None),
            ("a while", None),
            ("99999:00", None),
            ("0", None),
        ] {
            assert_eq!(duration(text), seconds, "{text}");
        }
    }
}
