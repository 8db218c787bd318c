package pipeline

import (
	"bytes"
	"errors"
	"io"

	"go.yaml.in/yaml/v3"
)

// parse reads the one document of a file, a mapping.
func parse(path string, raw []byte) (*yaml.Node, Problems) {
	d := yaml.NewDecoder(bytes.NewReader(raw))
	var doc, more yaml.Node
	err := d.Decode(&doc)
	switch {
	case errors.Is(err, io.EOF):
		return nil, fault(path, 1, 1, "is empty", "write a pipeline: source, sinks and the pipeline's name")
	case err != nil:
		return nil, syntaxFault(path, raw, err)
	}
	if len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		return nil, fault(path, doc.Line, doc.Column, "is not a map of keys", "write a pipeline: source, sinks and the pipeline's name")
	}
	if err := d.Decode(&more); err == nil {
		return nil, fault(path, more.Line, more.Column, "holds a second document", "write each pipeline into a file of its own")
	} else if !errors.Is(err, io.EOF) {
		return nil, syntaxFault(path, raw, err)
	}
	return doc.Content[0], nil
}

func fault(path string, line, column int, message, cure string) Problems {
	return Problems{{Position: Position{File: path, Line: line, Column: column}, Message: message, Cure: cure}}
}
