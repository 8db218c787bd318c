package config

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"time"
)

var errWrongType = errors.New("wrong type")

// convert reads one scalar. Numbers and booleans are also read from strings,
// because what comes from the environment is one.
func convert(n *node, given any) (any, error) {
	text, isString := given.(string)
	switch g := given.(type) {
	case string:
	case json.Number:
		text = g.String()
	case bool:
		text = strconv.FormatBool(g)
	default:
		return nil, errWrongType
	}
	_, isBool := given.(bool)
	switch n.kind {
	case kindText, kindSecret, kindSource, kindTextual:
		if !isString {
			return nil, errWrongType
		}
		return convertText(n, text)
	case kindBool:
		return convertBool(text)
	}
	if isBool {
		return nil, errWrongType
	}
	return convertNumber(n, text)
}

func convertText(n *node, text string) (any, error) {
	if n.kind != kindTextual {
		return text, nil
	}
	u, ok := reflect.New(n.typ).Interface().(encoding.TextUnmarshaler)
	if !ok {
		return nil, errWrongType
	}
	return text, u.UnmarshalText([]byte(text))
}

func convertBool(text string) (any, error) {
	if text != "true" && text != "false" {
		return nil, errWrongType
	}
	return text == "true", nil
}

func convertNumber(n *node, text string) (any, error) {
	switch n.kind {
	case kindInt:
		return strconv.ParseInt(text, 10, n.typ.Bits())
	case kindUint:
		return strconv.ParseUint(text, 10, n.typ.Bits())
	case kindSize:
		return ParseSize(text)
	case kindDuration:
		return parseDuration(text)
	default:
		f, err := strconv.ParseFloat(text, n.typ.Bits())
		if err == nil && (math.IsNaN(f) || math.IsInf(f, 0)) {
			err = errWrongType
		}
		return f, err
	}
}

func parseDuration(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err == nil && d < 0 {
		err = errWrongType
	}
	return d, err
}

// maxShown is how much of a value a message shows.
const maxShown = 80

// describe says what was given, by its value if that may be shown.
func describe(given any, show bool) string {
	switch g := given.(type) {
	case map[string]any:
		return "a map"
	case []any:
		return "a list"
	case string:
		if show {
			return shorten(strconv.Quote(g))
		}
		return "a string"
	case json.Number:
		if show {
			return shorten(g.String())
		}
		return "a number"
	default:
		if show {
			return fmt.Sprint(given)
		}
		return "true or false"
	}
}

func shorten(text string) string {
	if len(text) > maxShown {
		return text[:maxShown] + "…"
	}
	return text
}

// wish says what to write instead, in bounds and with the example at hand.
func wish(n *node, given any) string {
	switch given.(type) {
	case json.Number, bool:
		if n.kind == kindText || n.kind == kindSecret || n.kind == kindSource || n.kind == kindTextual {
			return "a string, in quotes"
		}
	}
	switch n.kind {
	case kindInt, kindUint:
		if n.typ.Bits() < 64 {
			return fmt.Sprintf("%s of at most %d", n.kind.wants(), upperBound(n))
		}
	case kindTextual:
		return "a valid " + n.typ.Name()
	}
	return n.kind.wants()
}

func upperBound(n *node) uint64 {
	bits := n.typ.Bits()
	if n.kind == kindInt {
		bits--
	}
	return 1<<bits - 1
}
