package warehouse

import (
	"fmt"
	"strings"
)

// DefaultStream is the id of the stream that every table has.
const DefaultStream = "_default"

// DatasetRef names a dataset.
type DatasetRef struct{ Project, Dataset string }

// String returns the form project:dataset that the REST API prints.
func (r DatasetRef) String() string { return r.Project + ":" + r.Dataset }

// TableRef names a table.
type TableRef struct{ Project, Dataset, Table string }

// String returns the form project:dataset.table that the REST API prints.
func (r TableRef) String() string { return r.Project + ":" + r.Dataset + "." + r.Table }

// Path returns the resource name that the Storage Write API uses.
func (r TableRef) Path() string {
	return fmt.Sprintf("projects/%s/datasets/%s/tables/%s", r.Project, r.Dataset, r.Table)
}

// StreamPath returns the resource name of one of the table's streams.
func (r TableRef) StreamPath(id string) string { return r.Path() + "/streams/" + id }

// ParseTablePath reads projects/P/datasets/D/tables/T.
func ParseTablePath(path string) (TableRef, error) {
	p := strings.Split(path, "/")
	if len(p) != 6 || p[0] != "projects" || p[2] != "datasets" || p[4] != "tables" {
		return TableRef{}, refuse(Invalid, path, "Invalid table name %q, expected projects/{project}/datasets/{dataset}/tables/{table}", path)
	}
	return TableRef{Project: p[1], Dataset: p[3], Table: p[5]}, nil
}

// ParseStreamPath reads a stream's name; the short form {table}/_default is taken as the service takes it.
func ParseStreamPath(path string) (TableRef, string, error) {
	table, id, ok := strings.Cut(path, "/streams/")
	if !ok {
		table, ok = strings.CutSuffix(path, "/"+DefaultStream)
		id = DefaultStream
	}
	ref, err := ParseTablePath(table)
	if !ok || err != nil || id == "" || strings.Contains(id, "/") {
		return TableRef{}, "", refuse(Invalid, path, "Invalid stream name %q, expected projects/{project}/datasets/{dataset}/tables/{table}/streams/{stream}", path)
	}
	return ref, id, nil
}
