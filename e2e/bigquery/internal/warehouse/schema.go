package warehouse

import (
	"strings"
	"unicode/utf8"

	bq "google.golang.org/api/bigquery/v2"
)

// typeNames maps every spelling of a type to the one that the REST API answers with.
var typeNames = map[string]string{
	"STRING": "STRING", "BYTES": "BYTES", "INTEGER": "INTEGER", "INT64": "INTEGER", "FLOAT": "FLOAT", "FLOAT64": "FLOAT",
	"BOOLEAN": "BOOLEAN", "BOOL": "BOOLEAN", "TIMESTAMP": "TIMESTAMP", "DATE": "DATE", "TIME": "TIME",
	"DATETIME": "DATETIME", "GEOGRAPHY": "GEOGRAPHY", "NUMERIC": "NUMERIC", "DECIMAL": "NUMERIC",
	"BIGNUMERIC": "BIGNUMERIC", "BIGDECIMAL": "BIGNUMERIC", "JSON": "JSON", "RECORD": "RECORD", "STRUCT": "RECORD",
}

var reservedPrefixes = []string{
	"_CHANGE_TYPE", "_CHANGE_SEQUENCE_NUMBER", "_CHANGE_TIMESTAMP", "_TABLE_", "_FILE_", "_PARTITION",
	"_ROW_TIMESTAMP", "__ROOT__", "_COLIDENTIFIER",
}

// FindField finds a column; names differ by more than case.
func FindField(fields []*bq.TableFieldSchema, name string) *bq.TableFieldSchema {
	for _, f := range fields {
		if strings.EqualFold(f.Name, name) {
			return f
		}
	}
	return nil
}

// checkFields checks a schema and spells types and modes as the service answers them.
func checkFields(entity string, fields []*bq.TableFieldSchema) error {
	seen := map[string]bool{}
	for _, f := range fields {
		if err := checkName(entity, f.Name); err != nil {
			return err
		}
		if low := strings.ToLower(f.Name); seen[low] {
			return refuse(Invalid, entity, "Duplicate field names in schema: %s", f.Name)
		} else {
			seen[low] = true
		}
		if err := checkField(entity, f); err != nil {
			return err
		}
	}
	return nil
}

func checkName(entity, name string) error {
	if name == "" || utf8.RuneCountInString(name) > 300 || strings.ContainsAny(name, "!\"$()*,./;?@[\\]^`{}~\x00") {
		return refuse(Invalid, entity, "Invalid field name %q. Fields must contain the allowed characters, and be at most 300 characters long.", name)
	}
	for _, p := range reservedPrefixes {
		if strings.HasPrefix(strings.ToUpper(name), p) {
			return refuse(Invalid, entity, "Invalid field name %q. Field names are not allowed to start with the (case-insensitive) prefix %s", name, p)
		}
	}
	return nil
}

func checkField(entity string, f *bq.TableFieldSchema) error {
	name, ok := typeNames[strings.ToUpper(f.Type)]
	if !ok {
		return refuse(Invalid, entity, "Invalid value for type: %s is not a valid value", f.Type)
	}
	f.Type = name
	switch f.Mode = strings.ToUpper(f.Mode); f.Mode {
	case "":
		f.Mode = "NULLABLE"
	case "NULLABLE", "REQUIRED", "REPEATED":
	default:
		return refuse(Invalid, entity, "Invalid value for mode: %s is not a valid value", f.Mode)
	}
	if (f.Type == "RECORD") != (len(f.Fields) > 0) {
		return refuse(Invalid, entity, "Field %s is type %s and must have a schema only if it is a RECORD", f.Name, f.Type)
	}
	if err := checkParameters(entity, f); err != nil {
		return err
	}
	return checkFields(entity, f.Fields)
}

// checkParameters checks the length, precision and scale of a parameterized type.
func checkParameters(entity string, f *bq.TableFieldSchema) error {
	if f.MaxLength < 0 || f.MaxLength > 0 && f.Type != "STRING" && f.Type != "BYTES" {
		return refuse(Invalid, entity, "Field %s of type %s cannot have maxLength %d", f.Name, f.Type, f.MaxLength)
	}
	if f.Precision == 0 && f.Scale == 0 {
		return nil
	}
	whole, scale := int64(29), int64(9)
	switch f.Type {
	case "NUMERIC":
	case "BIGNUMERIC":
		whole, scale = 38, 38
	default:
		return refuse(Invalid, entity, "Field %s of type %s cannot have a precision or scale", f.Name, f.Type)
	}
	if f.Scale < 0 || f.Scale > scale || f.Precision-f.Scale > whole || f.Precision < max(1, f.Scale) {
		return refuse(Invalid, entity, "Field %s: precision %d and scale %d are out of the range of %s", f.Name, f.Precision, f.Scale, f.Type)
	}
	return nil
}
