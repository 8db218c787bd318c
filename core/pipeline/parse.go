package pipeline

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strconv"

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
		return nil, syntaxFault(path, err)
	}
	if len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		return nil, fault(path, doc.Line, doc.Column, "is not a map of keys", "write a pipeline: source, sinks and the pipeline's name")
	}
	if err := d.Decode(&more); err == nil {
		return nil, fault(path, more.Line, more.Column, "holds a second document", "write each pipeline into a file of its own")
	} else if !errors.Is(err, io.EOF) {
		return nil, syntaxFault(path, err)
	}
	return doc.Content[0], nil
}

var (
	// yamlError is how the YAML library writes its errors.
	yamlError = regexp.MustCompile(`(?s)^yaml: (?:line (\d+): )?(.*)$`)
	// countsFromZero are those of its errors whose line is one too low.
	countsFromZero = regexp.MustCompile(`^did not find expected (<document start>|node content|'-' indicator|key|',' or)`)
)

func syntaxFault(path string, err error) Problems {
	message, line, column := err.Error(), 0, 0
	if m := yamlError.FindStringSubmatch(message); m != nil {
		message = m[2]
		if n, err := strconv.Atoi(m[1]); err == nil {
			line, column = n, 1
			if countsFromZero.MatchString(message) {
				line++
			}
		}
	}
	return fault(path, line, column, "is not YAML: "+message, "correct the syntax; indent with spaces, and quote values that hold : or #")
}

func fault(path string, line, column int, message, cure string) Problems {
	return Problems{{Position: Position{File: path, Line: line, Column: column}, Message: message, Cure: cure}}
}
