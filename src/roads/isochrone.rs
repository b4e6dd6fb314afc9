//! Outlines: the area from which a hospital is reached in time.

use std::collections::{BTreeMap, HashMap};

use super::map::Arc;
use super::search::FAR;
use super::snap::Snap;
use super::travel::{TRACK_SPEED, is_near};
use super::{Longest, RoadTravel};
use crate::model::Position;
use crate::travel::Stop;
use crate::units::Seconds;

/// Side of the cells of which an area is made, in metres.
const CELL: f64 = 250.0;
/// Metres of a degree of latitude.
const DEGREE: f64 = 111_195.08;
/// Nearer to a pole cells of degrees are no squares any more.
const NEAREST_POLE: f64 = 0.05;

/// The area from which a hospital is reached within a time: polygons without overlap, with their holes.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Outline {
    /// The time.
    pub limit: Seconds,
    /// Its parts, from south to north.
    pub polygons: Vec<OutlinePolygon>,
}

/// A part of an area.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct OutlinePolygon {
    /// Corners against the clock; the first is the last one again.
    pub outer: Vec<Position>,
    /// Holes, with the clock.
    pub holes: Vec<Vec<Position>>,
}

/// A cell, or the corner to its south-west, by steps north and east.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Cell {
    north: i32,
    east: i32,
}

impl Cell {
    fn moved(self, north: i32, east: i32) -> Self {
        Self { north: self.north + north, east: self.east + east }
    }
}

/// Degrees of a cell.
#[derive(Clone, Copy)]
struct Grid {
    north: f64,
    east: f64,
}

impl Grid {
    fn around(position: Position) -> Self {
        let north = CELL / DEGREE;
        let cosine = position.lat().to_radians().cos().max(NEAREST_POLE);
        Self { north, east: north / cosine }
    }

    fn position(self, corner: Cell) -> Option<Position> {
        let lat = f64::from(corner.north) * self.north;
        Position::new(lat, f64::from(corner.east) * self.east).ok()
    }
}

/// A cell and the eight around it.
fn around(cell: Cell) -> [Cell; 9] {
    let mut cells = [cell; 9];
    for (number, near) in (0..).zip(&mut cells) {
        *near = cell.moved(number / 3 - 1, number % 3 - 1);
    }
    cells
}

/// Tenths of a second from cells to the hospital.
struct Reached {
    grid: Grid,
    cells: HashMap<Cell, u32>,
    most: u32,
}

impl Reached {
    /// A point of a road that is so far from the hospital: its cell and those around it are reached over the field.
    fn note(&mut self, lat: f64, lon: f64, tenths: u32) {
        let (north, east) = (lat / self.grid.north, lon / self.grid.east);
        let cell = Cell { north: north.floor() as i32, east: east.floor() as i32 };
        for around in around(cell) {
            let north_off = f64::from(around.north) + 0.5 - north;
            let east_off = f64::from(around.east) + 0.5 - east;
            let metres = (north_off * north_off + east_off * east_off).sqrt() * CELL;
            // A road makes its own cell reached, wherever in it the road lies.
            let field = if around == cell { 0.0 } else { metres / TRACK_SPEED * 10.0 };
            let time = tenths.saturating_add(field.round() as u32);
            if time <= self.most {
                let best = self.cells.entry(around).or_insert(time);
                *best = time.min(*best);
            }
        }
    }
}

impl RoadTravel {
    /// The areas from which a hospital is reached within these times, in their order: what lies within some 250 m of a
    /// road from which one gets there in time. Areas are of square cells of 250 m; a hospital that is far from any
    /// road has none.
    ///
    /// ```no_run
    /// use std::path::Path;
    /// use std::sync::Arc;
    ///
    /// use verbund::model::Position;
    /// use verbund::roads::{RoadMap, RoadTravel};
    /// use verbund::travel::Stop;
    /// use verbund::units::Seconds;
    ///
    /// let map = RoadMap::read(Path::new("saxony.roads"))?;
    /// let travel = RoadTravel::new(Arc::new(map))?;
    /// let hospital = Stop::new("torgau", Position::new(51.56, 13.0)?);
    /// let outlines = travel.outlines(&hospital, &[Seconds::from_minutes(15), Seconds::from_minutes(30)]);
    /// assert_eq!(outlines.len(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn outlines(&self, hospital: &Stop<'_>, limits: &[Seconds]) -> Vec<Outline> {
        let longest = limits.iter().copied().max().unwrap_or_default();
        let mut reached = Reached {
            grid: Grid::around(hospital.position),
            cells: HashMap::new(),
            most: Longest::new(longest).tenths(),
        };
        if let Some(snap) = self.snap(hospital).filter(is_near) {
            self.reach(snap, &mut reached);
        }

        let mut outlines = Vec::with_capacity(limits.len());
        for limit in limits {
            let most = Longest::new(*limit).tenths();
            let mut cells: Vec<Cell> = Vec::new();
            for (cell, tenths) in &reached.cells {
                if *tenths <= most {
                    cells.push(*cell);
                }
            }
            // A map keeps them in any order.
            cells.sort_unstable();
            outlines.push(Outline { limit: *limit, polygons: polygons(reached.grid, &cells) });
        }
        outlines
    }

    /// Notes every road from which a hospital is reached.
    fn reach(&self, hospital: Snap, reached: &mut Reached) {
        let scratch = self.searched(hospital, reached.most);
        for piece in 0..self.map().pieces() {
            let arcs = [Arc::forward(piece), Arc::backward(piece)];
            let are_far = arcs.iter().all(|arc| self.best_from(*arc, &scratch) == FAR);
            if are_far && piece != hospital.piece as usize {
                continue;
            }
            self.along(piece, |lat, lon, share| {
                let start = Snap { piece: piece as u32, share, metres: 0.0 };
                if let Some(tenths) = self.tenths_between(start, hospital, &scratch) {
                    reached.note(lat, lon, tenths);
                }
            });
        }
        self.give_back(scratch);
    }

    /// Calls with degrees and share of a piece for points along it, not farther from each other than half a cell.
    fn along(&self, piece: usize, mut call: impl FnMut(f64, f64, f64)) {
        let shape = self.map().shape(piece);
        let mut length = 0.0;
        for line in shape.windows(2) {
            length += line[0].metres_to(line[1]);
        }
        let mut before = 0.0;
        for line in shape.windows(2) {
            let metres = line[0].metres_to(line[1]);
            let steps = (metres / (CELL / 2.0)).ceil().max(1.0) as u32;
            for step in 0..=steps {
                let part = f64::from(step) / f64::from(steps);
                let between = |start: f64, end: f64| start + (end - start) * part;
                let lat = between(line[0].lat_degrees(), line[1].lat_degrees());
                let lon = between(line[0].lon_degrees(), line[1].lon_degrees());
                let share = if length > 0.0 { (before + metres * part) / length } else { 0.0 };
                call(lat, lon, share);
            }
            before += metres;
        }
    }
}

/// The polygons of cells, which rise.
fn polygons(grid: Grid, cells: &[Cell]) -> Vec<OutlinePolygon> {
    let parts = parts(cells);
    let is_inside = |cell: Cell| parts.contains_key(&cell);
    // In the order of corners, so that rings begin at the same one each time.
    // Sides of cells with nothing on their other side, each with the cell to its left.
    let mut sides: BTreeMap<Cell, Vec<Side>> = BTreeMap::new();
    for cell in cells {
        let corners = [*cell, cell.moved(0, 1), cell.moved(1, 1), cell.moved(1, 0)];
        let beyond = [cell.moved(-1, 0), cell.moved(0, 1), cell.moved(1, 0), cell.moved(0, -1)];
        for side in 0..4 {
            if !is_inside(beyond[side]) {
                let (start, end) = (corners[side], corners[(side + 1) % 4]);
                sides.entry(start).or_default().push(Side { end, part: parts[cell], cell: *cell });
            }
        }
    }

    let mut polygons: BTreeMap<u32, OutlinePolygon> = BTreeMap::new();
    while let Some((start, _)) = sides.first_key_value() {
        let ring = ring(*start, &mut sides);
        let corners: Vec<Position> =
            ring.corners.iter().filter_map(|corner| grid.position(*corner)).collect();
        let polygon = polygons
            .entry(ring.part)
            .or_insert_with(|| OutlinePolygon { outer: Vec::new(), holes: Vec::new() });
        if ring.is_outer { polygon.outer = corners } else { polygon.holes.push(corners) }
    }
    polygons.into_values().collect()
}

/// A side of a cell, by where it ends; the cell lies to its left.
#[derive(Clone, Copy)]
struct Side {
    end: Cell,
    part: u32,
    cell: Cell,
}

/// A closed line of sides.
struct Ring {
    corners: Vec<Cell>,
    part: u32,
    is_outer: bool,
}

/// The ring that begins with the first side at a corner; its sides are taken out.
fn ring(first: Cell, sides: &mut BTreeMap<Cell, Vec<Side>>) -> Ring {
    let mut corners = vec![first];
    let (mut corner, mut part) = (first, 0);
    let mut cell: Option<Cell> = None;
    let mut area = 0_i64;
    while let Some(leaving) = sides.get_mut(&corner) {
        // Where two cells touch at a corner only, each keeps to itself.
        let same = leaving.iter().position(|side| Some(side.cell) == cell).unwrap_or(0);
        let side = leaving.remove(same);
        if leaving.is_empty() {
            sides.remove(&corner);
        }
        (part, cell) = (side.part, Some(side.cell));
        let end = side.end;
        area += i64::from(corner.east) * i64::from(end.north)
            - i64::from(end.east) * i64::from(corner.north);
        // A straight line needs no corner within.
        if let [.., before, last] = corners[..]
            && (before.north == last.north) == (last.north == end.north)
        {
            corners.pop();
        }
        corners.push(end);
        corner = end;
        if corner == first {
            break;
        }
    }
    Ring { corners, part, is_outer: area > 0 }
}

/// The part that each cell belongs to: cells that share a side are of one.
fn parts(cells: &[Cell]) -> HashMap<Cell, u32> {
    const NONE: u32 = u32::MAX;
    let mut parts: HashMap<Cell, u32> = HashMap::with_capacity(cells.len());
    for cell in cells {
        parts.insert(*cell, NONE);
    }
    let mut next = 0;
    for start in cells {
        if parts[start] != NONE {
            continue;
        }
        // A list and no recursion: a part may have a million cells.
        let mut waiting = vec![*start];
        while let Some(cell) = waiting.pop() {
            let Some(part) = parts.get_mut(&cell).filter(|part| **part == NONE) else { continue };
            *part = next;
            let around = [cell.moved(1, 0), cell.moved(-1, 0), cell.moved(0, 1), cell.moved(0, -1)];
            waiting.extend(around);
        }
        next += 1;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(picture: &[&str]) -> Vec<Cell> {
        let mut cells = Vec::new();
        for (north, row) in (0..).zip(picture.iter().rev()) {
            for (east, sign) in (0..).zip(row.chars()) {
                if sign == '#' {
                    cells.push(Cell { north, east });
                }
            }
        }
        cells
    }

    fn drawn(picture: &[&str]) -> Vec<OutlinePolygon> {
        polygons(Grid { north: 1.0, east: 1.0 }, &cells(picture))
    }

    #[test]
    fn a_square_has_four_corners_against_the_clock() {
        let polygons = drawn(&["##", "##"]);
        let corner = |lat, lon| Position::new(lat, lon).unwrap();
        let square = [
            corner(0.0, 0.0),
            corner(0.0, 2.0),
            corner(2.0, 2.0),
            corner(2.0, 0.0),
            corner(0.0, 0.0),
        ];
        assert_eq!(polygons.len(), 1);
        assert_eq!(polygons[0].outer, square);
        assert!(polygons[0].holes.is_empty());
    }

    #[test]
    fn holes_are_kept_and_islands_in_them_are_parts_of_their_own() {
        let polygons = drawn(&["#####", "#...#", "#.#.#", "#...#", "#####"]);
        assert_eq!(polygons.len(), 2);
        assert_eq!((polygons[0].outer.len(), polygons[0].holes.len()), (5, 1));
        assert_eq!((polygons[1].outer.len(), polygons[1].holes.len()), (5, 0));
    }

    #[test]
    fn cells_that_touch_at_a_corner_are_two_parts() {
        let polygons = drawn(&[".#", "#."]);
        assert_eq!(polygons.len(), 2);
        for polygon in polygons {
            assert_eq!(polygon.outer.len(), 5);
        }
    }
}
