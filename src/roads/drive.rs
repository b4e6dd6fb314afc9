//! One journey with its length, by a search of its own that keeps metres beside times.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use serde::Serialize;

use super::map::Arc;
use super::search::{FAR, whole_seconds};
use super::snap::Snap;
use super::travel::{access_tenths, both_ways, is_near, whole_metres};
use super::{Longest, RoadTravel};
use crate::travel::Stop;
use crate::units::{Metres, Seconds};

/// The quickest drive from one position to another.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct RoadDrive {
    /// How long it takes, the ways to and from the road with it: the same as in lists of journeys.
    #[serde(rename = "seconds")]
    pub time: Seconds,
    /// Metres on roads. Of several ways that are as quick, the shortest one.
    #[serde(rename = "metres_on_roads", serialize_with = "whole_metres")]
    pub on_roads: Metres,
    /// Metres to the road where it begins and from the road where it ends, straight, together.
    #[serde(rename = "metres_off_roads", serialize_with = "whole_metres")]
    pub off_roads: Metres,
}

/// How far it is to the end of the journey: the time decides, then the length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Way {
    tenths: u32,
    /// Millimetres: a journey of a thousand pieces is not off by metres.
    millimetres: u64,
}

const NO_WAY: Way = Way { tenths: FAR, millimetres: u64::MAX };

impl Way {
    fn and(self, tenths: u32, millimetres: u64) -> Self {
        Self {
            tenths: self.tenths.saturating_add(tenths),
            millimetres: self.millimetres.saturating_add(millimetres),
        }
    }
}

/// What a search keeps: the best ways so far, and those that wait for their turn.
struct Ways {
    best: Vec<Way>,
    waiting: BinaryHeap<Reverse<(Way, u32)>>,
    most: u32,
}

impl Ways {
    /// Notes a way if it is better than the one that is known.
    fn reach(&mut self, junction: u32, way: Way) {
        let best = &mut self.best[junction as usize];
        if way.tenths > self.most || way >= *best {
            return;
        }
        *best = way;
        self.waiting.push(Reverse((way, junction)));
    }
}

impl RoadTravel {
    /// The quickest drive between two positions, with its metres; `None` where there is none within `longest`, or one
    /// of them is farther than [`Self::FARTHEST`] from any road.
    ///
    /// For one journey, to hold it beside what another engine or a map says; lists of many times come from
    /// [`TravelModel::lists`](crate::travel::TravelModel::lists) in a hundredth of the work each.
    ///
    /// ```no_run
    /// use std::path::Path;
    /// use std::sync::Arc;
    ///
    /// use verbund::model::Position;
    /// use verbund::roads::{Longest, RoadMap, RoadTravel};
    /// use verbund::travel::Stop;
    /// use verbund::units::Seconds;
    ///
    /// let map = RoadMap::read(Path::new("monaco.roads"))?;
    /// let travel = RoadTravel::new(Arc::new(map))?;
    /// let station = Stop::new("station", Position::new(43.7277, 7.4187)?);
    /// let beach = Stop::new("beach", Position::new(43.7496, 7.4366)?);
    /// let drive = travel.drive(&station, &beach, Longest::new(Seconds::from_minutes(60)));
    /// assert!(drive.is_some_and(|drive| drive.on_roads.0 > 3_000));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn drive(&self, from: &Stop<'_>, to: &Stop<'_>, longest: Longest) -> Option<RoadDrive> {
        let start = self.snap(from).filter(is_near)?;
        let end = self.snap(to).filter(is_near)?;
        if from.position == to.position {
            return Some(RoadDrive::default());
        }

        let ways = self.ways_to(end, longest.tenths());
        let mut best = self.on_one_piece(start, end);
        for leaving in both_ways(start) {
            let (arc, rest) = (leaving.arc, 1.0 - leaving.share);
            let Some(tenths) = self.part(arc, rest) else { continue };
            // As one who comes from a service road, and as one who only passes it.
            for junction in [arc.0, self.starts[arc.0 as usize]] {
                let way = ways[junction as usize];
                best = best.min(way.and(tenths, self.millimetres(arc, rest)));
            }
        }

        // Both ends may lie off the road.
        let access = access_tenths(start).saturating_add(access_tenths(end));
        let tenths = best.tenths.saturating_add(access);
        if best.tenths == FAR || tenths > longest.tenths() {
            return None;
        }
        Some(RoadDrive {
            time: whole_seconds(tenths),
            on_roads: Metres((best.millimetres as f64 / 1000.0).round() as u32),
            off_roads: Metres((start.metres + end.metres).round() as u32),
        })
    }

    /// The way where no junction lies between both ends.
    fn on_one_piece(&self, start: Snap, end: Snap) -> Way {
        let mut best = NO_WAY;
        for leaving in both_ways(start) {
            for arriving in both_ways(end) {
                let share = arriving.share - leaving.share;
                // Against the direction one drives round, over junctions.
                if arriving.arc != leaving.arc || share < 0.0 {
                    continue;
                }
                let millimetres = self.millimetres(leaving.arc, share);
                if let Some(tenths) = self.part(leaving.arc, share) {
                    best = best.min(Way { tenths, millimetres });
                }
            }
        }
        best
    }

    /// The ways from the ends of all arcs to a hospital, up to `most`.
    fn ways_to(&self, end: Snap, most: u32) -> Vec<Way> {
        let arcs = self.arcs_of_junctions();
        let best = vec![NO_WAY; arcs.len()];
        let mut ways = Ways { best, waiting: BinaryHeap::new(), most };
        for arriving in both_ways(end) {
            let millimetres = self.millimetres(arriving.arc, arriving.share);
            for seed in self.seeds_of(arriving.arc, arriving.share) {
                let tenths = seed.tenths;
                ways.reach(seed.junction, Way { tenths, millimetres });
            }
        }

        while let Some(Reverse((way, junction))) = ways.waiting.pop() {
            // A better one was found since.
            if way != ways.best[junction as usize] {
                continue;
            }
            // A stretch is a turn and the whole arc that it leads into.
            let arc = arcs[junction as usize];
            let millimetres = self.millimetres(arc, 1.0);
            for &(from, tenths) in self.graph.ending_at(junction) {
                ways.reach(from, way.and(tenths, millimetres));
            }
        }
        ways.best
    }

    /// The arc of each junction of the graph: service roads are there twice.
    fn arcs_of_junctions(&self) -> Vec<Arc> {
        let mut arcs = vec![Arc(0); self.graph.junctions() as usize];
        for (arc, start) in (0..).zip(&self.starts) {
            arcs[arc as usize] = Arc(arc);
            arcs[*start as usize] = Arc(arc);
        }
        arcs
    }

    fn millimetres(&self, arc: Arc, share: f64) -> u64 {
        (f64::from(self.map.pieces[arc.piece()].metres) * share * 1000.0).round() as u64
    }
}
