//! Edge lists of research: TNTP (Transportation Networks for Research) and CSV.

use std::collections::BTreeSet;

use super::{RoadError, RoadGraph, Stretch};

/// Seconds of a stretch at most: more is a mistake of the unit.
const LONGEST: f64 = 1e6;

/// A road graph from a list of edges, with the numbers that the list gives its junctions.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct EdgeList {
    /// The graph; its junctions are numbered by the order of `names`.
    pub graph: RoadGraph,
    /// What the list calls each junction, rising.
    pub names: Vec<u64>,
}

/// Why a list of edges makes no graph.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EdgeListError {
    /// A line is no edge.
    #[error("line {line}: expected {expected}, found \"{value}\"")]
    Line {
        /// Which line, from 1.
        line: u32,
        /// What should stand there.
        expected: &'static str,
        /// What stands there.
        value: String,
    },
    /// There is no line of columns, or no end of what stands before the edges.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// More than a graph can hold.
    #[error(transparent)]
    Graph(#[from] RoadError),
}

/// An edge as a list gives it.
struct Edge {
    from: u64,
    to: u64,
    tenths: u32,
}

impl EdgeList {
    /// A list with a line of columns `from,to,seconds` and a one-way stretch in each line behind it.
    ///
    /// ```
    /// use verbund::roads::EdgeList;
    ///
    /// let list = EdgeList::from_csv("from,to,seconds\n7,3,60.4\n3,9,30\n")?;
    /// assert_eq!(list.names, [3, 7, 9]);
    /// assert_eq!(list.graph.stretches(), 2);
    /// # Ok::<(), verbund::roads::EdgeListError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The first line that is no stretch.
    pub fn from_csv(text: &str) -> Result<Self, EdgeListError> {
        // Spelt out: a list in minutes must not pass for one in seconds.
        let mut lines = (1..).zip(text.lines());
        match lines.next() {
            Some((_, "from,to,seconds")) => {}
            _ => return Err(EdgeListError::Missing("the line of columns: from,to,seconds")),
        }
        let mut edges = Vec::new();
        for (line, text) in lines {
            if !text.trim().is_empty() {
                let cells: Vec<&str> = text.split(',').collect();
                edges.push(edge(line, &cells, 2, 1.0)?);
            }
        }
        Self::of(&edges)
    }

    /// The links of a network in the TNTP format, as `github.com/bstabler/TransportationNetworks` collects them, by
    /// their free flow time, whose unit has so many seconds: 60 for minutes, which most networks have.
    ///
    /// # Errors
    ///
    /// The first line that is no link; no `<END OF METADATA>`.
    pub fn from_tntp(text: &str, seconds_of_unit: f64) -> Result<Self, EdgeListError> {
        const FREE_FLOW_TIME: usize = 4;
        let mut lines = (1..).zip(text.lines());
        if !lines.any(|(_, text)| text.contains("<END OF METADATA>")) {
            return Err(EdgeListError::Missing("<END OF METADATA>"));
        }
        let mut edges = Vec::new();
        for (line, text) in lines {
            let text = text.trim().trim_end_matches(';').trim();
            // A tilde begins a remark, and the line of columns is one.
            if !text.is_empty() && !text.starts_with('~') {
                let cells: Vec<&str> = text.split_whitespace().collect();
                edges.push(edge(line, &cells, FREE_FLOW_TIME, seconds_of_unit)?);
            }
        }
        Self::of(&edges)
    }

    fn of(edges: &[Edge]) -> Result<Self, EdgeListError> {
        // By name and not by first use: two lists of one network number it alike.
        let mut known: BTreeSet<u64> = BTreeSet::new();
        for edge in edges {
            known.extend([edge.from, edge.to]);
        }
        let names: Vec<u64> = known.into_iter().collect();
        let number = |name: u64| names.partition_point(|known| *known < name) as u32;
        let mut stretches = Vec::with_capacity(edges.len());
        for edge in edges {
            let (from, to) = (number(edge.from), number(edge.to));
            stretches.push(Stretch { from, to, tenths: edge.tenths });
        }
        let graph = RoadGraph::new(names.len() as u32, &stretches)?;
        Ok(Self { graph, names })
    }
}

/// The edge of a line, whose time stands in a column.
fn edge(
    line: u32,
    cells: &[&str],
    column: usize,
    seconds_of_unit: f64,
) -> Result<Edge, EdgeListError> {
    let cell = |index: usize| cells.get(index).map_or("", |cell| cell.trim());
    let wrong = |expected, index: usize| EdgeListError::Line {
        line,
        expected,
        value: cell(index).to_owned(),
    };
    let junction =
        |index: usize| cell(index).parse().map_err(|_| wrong("the number of a junction", index));
    let (from, to) = (junction(0)?, junction(1)?);
    let time: f64 = cell(column).parse().map_err(|_| wrong("a time", column))?;
    let seconds = time * seconds_of_unit;
    // Also refuses what is no number.
    if !(0.0..=LONGEST).contains(&seconds) {
        return Err(wrong("a time from 0 to 1,000,000 seconds", column));
    }
    Ok(Edge { from, to, tenths: (seconds * 10.0).round() as u32 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roads::Longest;
    use crate::units::Seconds;

    #[test]
    fn links_of_tntp_are_read_by_their_free_flow_time() {
        let text = "<NUMBER OF NODES> 3\n<END OF METADATA>\n\n\
                    ~ init term capacity length time b power speed toll type ;\n\
                    \t1\t2\t900\t1.5\t2.5\t0.15\t4\t0\t0\t1\t;\n\
                    \t2\t9\t900\t1.5\t1\t0.15\t4\t0\t0\t1\t;\n";
        let list = EdgeList::from_tntp(text, 60.0).unwrap();
        assert_eq!(list.names, [1, 2, 9]);
        // 2.5 and 1 minutes.
        let times = list.graph.times_to(2, Longest::new(Seconds(600))).unwrap();
        assert_eq!(times, [Some(Seconds(210)), Some(Seconds(60)), Some(Seconds(0))]);
    }

    #[test]
    fn what_is_no_edge_is_named_with_its_line() {
        for (text, message) in [
            ("a,b\n", "the line of columns: from,to,seconds is missing"),
            (
                "from,to,seconds\n1,2,3\n1,x,3\n",
                "line 3: expected the number of a junction, found \"x\"",
            ),
            ("from,to,seconds\n1,2\n", "line 2: expected a time, found \"\""),
            (
                "from,to,seconds\n1,2,-1\n",
                "line 2: expected a time from 0 to 1,000,000 seconds, found \"-1\"",
            ),
            (
                "from,to,seconds\n1,2,NaN\n",
                "line 2: expected a time from 0 to 1,000,000 seconds, found \"NaN\"",
            ),
        ] {
            assert_eq!(EdgeList::from_csv(text).unwrap_err().to_string(), message);
        }
        let error = EdgeList::from_tntp("1 2 3\n", 60.0).unwrap_err();
        assert_eq!(error, EdgeListError::Missing("<END OF METADATA>"));
        assert_eq!(EdgeList::from_csv("from,to,seconds\n").unwrap().graph.junctions(), 0);
    }
}
