//! The graph of cooperations as programs for graphs read it.

use std::io;

use super::{Format, geojson, screen};
use crate::model::{CooperationGraph, Parties};
use crate::report::document::site_number;

/// The hospitals of a network and the cooperations between them as `GraphML`, DOT or `GeoJSON`.
///
/// Hospitals are nodes, by key, with name, position and the number of the site; a cooperation is an edge from the
/// giver to each receiver, with its kind and its fields. `GraphML` reads best with edges of one kind, so there partners
/// among themselves are an edge each way, marked `mutual`; in DOT they are one without an arrow.
///
/// # Errors
///
/// When the format is none of graphs.
///
/// ```
/// use verbund::files::Folder;
/// use verbund::model::{CooperationGraph, GraphFilter};
/// use verbund::report::render::{Format, graph_as};
///
/// let network = Folder::small().read()?.network;
/// let graph = CooperationGraph::new(&network, &GraphFilter::default());
/// let dot = graph_as(Format::Dot, &graph)?;
/// assert!(dot.starts_with("digraph \"") && dot.contains("\"north\" -> \"south\""));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn graph_as(format: Format, graph: &CooperationGraph<'_>) -> io::Result<String> {
    match format {
        Format::GraphMl => Ok(graphml(graph)),
        Format::Dot => Ok(dot(graph)),
        Format::GeoJson => geojson::of_graph(graph, graph.network().name()),
        _ => Err(io::Error::other("a graph is written as GraphML, DOT or GeoJSON")),
    }
}

/// What nodes and edges of `GraphML` say: for which of them, by which key, of which type.
const GRAPHML_KEYS: [(&str, &str, &str); 11] = [
    ("node", "name", "string"),
    ("node", "site_number", "string"),
    ("node", "district", "string"),
    ("node", "outside", "boolean"),
    ("node", "lat", "double"),
    ("node", "lon", "double"),
    ("edge", "cooperation", "string"),
    ("edge", "kind", "string"),
    ("edge", "field", "string"),
    ("edge", "direction", "string"),
    ("edge", "since", "string"),
];

fn graphml(graph: &CooperationGraph<'_>) -> String {
    let network = graph.network();
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n",
    );
    for (part, name, kind) in GRAPHML_KEYS {
        out.push_str(&format!(
            "<key id=\"{name}\" for=\"{part}\" attr.name=\"{name}\" attr.type=\"{kind}\"/>\n"
        ));
    }
    out.push_str(&format!("<graph id=\"{}\" edgedefault=\"directed\">\n", xml(network.name())));

    for hospital in network.hospitals() {
        out.push_str(&format!("<node id=\"{}\">", xml(&hospital.key)));
        push_data(&mut out, "name", &hospital.name);
        push_data(&mut out, "site_number", site_number(hospital).unwrap_or_default());
        push_data(&mut out, "district", hospital.district.as_deref().unwrap_or_default());
        push_data(&mut out, "outside", &hospital.outside.to_string());
        push_data(&mut out, "lat", &hospital.position.lat().to_string());
        push_data(&mut out, "lon", &hospital.position.lon().to_string());
        out.push_str("</node>\n");
    }

    let mut number = 0;
    for id in graph.cooperations() {
        let cooperation = &network[id];
        let is_mutual = matches!(cooperation.parties, Parties::Mutual(_));
        let mut data = String::new();
        push_data(&mut data, "cooperation", &cooperation.key);
        push_data(&mut data, "kind", cooperation.kind.name());
        push_data(&mut data, "field", &cooperation.fields.join("; "));
        push_data(&mut data, "direction", if is_mutual { "mutual" } else { "directed" });
        let since = cooperation.since.map(|day| day.to_string()).unwrap_or_default();
        push_data(&mut data, "since", &since);

        let mut edges = Vec::new();
        for (from, to) in network.pairs(&cooperation.parties) {
            edges.push((from, to));
            if is_mutual {
                edges.push((to, from));
            }
        }
        for (from, to) in edges {
            let (from, to) = (xml(&network[from].key), xml(&network[to].key));
            out.push_str(&format!(
                "<edge id=\"e{number}\" source=\"{from}\" target=\"{to}\">{data}</edge>\n"
            ));
            number += 1;
        }
    }
    out.push_str("</graph>\n</graphml>\n");
    out
}

/// A value; none where there is nothing to say.
fn push_data(out: &mut String, key: &str, value: &str) {
    if !value.is_empty() {
        out.push_str(&format!("<data key=\"{key}\">{}</data>", xml(value)));
    }
}

/// A text in which nothing is a sign of XML, nor a letter that XML does not allow.
fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in screen::line(text).chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(letter),
        }
    }
    out
}

fn dot(graph: &CooperationGraph<'_>) -> String {
    let network = graph.network();
    let mut out = format!("digraph {} {{\n", quoted(network.name()));
    for hospital in network.hospitals() {
        let position = hospital.position;
        out.push_str(&format!(
            "  {} [label={}, lat={}, lon={}, pos=\"{},{}!\"];\n",
            quoted(&hospital.key),
            quoted(&hospital.name),
            position.lat(),
            position.lon(),
            position.lon(),
            position.lat()
        ));
    }
    for id in graph.cooperations() {
        let cooperation = &network[id];
        let is_mutual = matches!(cooperation.parties, Parties::Mutual(_));
        for (from, to) in network.pairs(&cooperation.parties) {
            out.push_str(&format!(
                "  {} -> {} [label={}, cooperation={}, field={}{}];\n",
                quoted(&network[from].key),
                quoted(&network[to].key),
                quoted(cooperation.kind.name()),
                quoted(&cooperation.key),
                quoted(&cooperation.fields.join("; ")),
                if is_mutual { ", dir=none" } else { "" }
            ));
        }
    }
    out.push_str("}\n");
    out
}

/// A text in quotes of DOT, where a backslash begins a sign of its own.
fn quoted(text: &str) -> String {
    let line = screen::line(text);
    format!("\"{}\"", line.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_name_is_a_sign() {
        assert_eq!(
            xml("</script> \"a\" & 'b'\u{7}"),
            "&lt;/script&gt; &quot;a&quot; &amp; &apos;b&apos;\\u{7}"
        );
        assert_eq!(quoted("a\"b\\N\nc"), "\"a\\\"b\\\\N\\\\nc\"");
    }
}
