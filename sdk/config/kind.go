package config

import (
	"encoding"
	"fmt"
	"reflect"
	"time"
)

// kind is how the value at a node is read.
type kind int

const (
	kindText kind = iota + 1
	kindSecret
	kindSource // a Text
	kindBool
	kindInt
	kindUint
	kindFloat
	kindDuration
	kindSize
	kindTextual // a type that reads itself from text
	kindList
	kindDict  // a map with values of one type
	kindFree  // a map that is handed on as it is
	kindGroup // a struct
)

var (
	durationType = reflect.TypeFor[time.Duration]()
	sizeType     = reflect.TypeFor[Size]()
	secretType   = reflect.TypeFor[Secret]()
	sourceType   = reflect.TypeFor[Text]()
	freeType     = reflect.TypeFor[map[string]any]()
	textualType  = reflect.TypeFor[encoding.TextUnmarshaler]()
)

func kindOf(t reflect.Type) (kind, error) {
	switch {
	case t == durationType:
		return kindDuration, nil
	case t == sizeType:
		return kindSize, nil
	case t == secretType:
		return kindSecret, nil
	case t == sourceType:
		return kindSource, nil
	case t == freeType:
		return kindFree, nil
	case reflect.PointerTo(t).Implements(textualType):
		return kindTextual, nil
	}
	return basicKindOf(t)
}

func basicKindOf(t reflect.Type) (kind, error) {
	switch t.Kind() {
	case reflect.String:
		return kindText, nil
	case reflect.Bool:
		return kindBool, nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return kindInt, nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return kindUint, nil
	case reflect.Float32, reflect.Float64:
		return kindFloat, nil
	case reflect.Struct:
		return kindGroup, nil
	case reflect.Slice:
		if elementKind(t.Elem()) {
			return kindList, nil
		}
	case reflect.Map:
		if t.Key().Kind() == reflect.String && elementKind(t.Elem()) {
			return kindDict, nil
		}
	}
	return 0, fmt.Errorf("type %s cannot be configured", t)
}

// elementKind says whether lists and maps may hold t: what is written as a
// string, and structs.
func elementKind(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	k, err := kindOf(t)
	return err == nil && (k == kindText || k == kindSecret || k == kindSource || k == kindTextual || k == kindGroup)
}

var kindNames = map[kind]string{
	kindText: TypeString, kindSecret: TypeString, kindSource: TypeString, kindTextual: TypeString,
	kindBool: TypeBool, kindInt: TypeInt, kindUint: TypeInt, kindFloat: TypeFloat,
	kindDuration: TypeDuration, kindSize: TypeSize,
	kindList: TypeList, kindDict: TypeMap, kindFree: TypeMap, kindGroup: TypeMap,
}

func (k kind) name() string { return kindNames[k] }

var kindWants = map[kind]string{
	kindText: "a string", kindSecret: "a string", kindSource: "a string", kindTextual: "a string",
	kindBool: "true or false", kindInt: "a whole number",
	kindUint: "a whole number, not negative", kindFloat: "a number",
	kindDuration: "a duration with a unit, such as 10s, 5m or 1h30m",
	kindSize:     "a size in bytes, such as 64MiB or 1MB",
	kindList:     "a list", kindDict: "a map", kindFree: "a map", kindGroup: "a map",
}

// wants says what to write for the kind.
func (k kind) wants() string { return kindWants[k] }

// scalar kinds are written as one value, which may be shown in a message.
func (k kind) scalar() bool {
	return k != kindList && k != kindDict && k != kindFree && k != kindGroup
}
