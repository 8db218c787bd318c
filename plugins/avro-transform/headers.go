package main

import (
	"github.com/google/uuid"

	"github.com/leat-io/leat/sdk"
)

// Headers by which Debezium tells where a record comes from, and which other key
// an update that changed the key belongs to.
const (
	headerNewKey      = "__debezium.newkey"
	headerOldKey      = "__debezium.oldkey"
	headerLogicalName = "__debezium.context.connectorLogicalName"
	headerTaskID      = "__debezium.context.taskId"
	headerConnector   = "__debezium.context.connectorName"
	headerRunID       = "__debezium.context.runId"
)

// contextHeaders are the same on every message of a run. The task id is that of
// a Debezium connector, which has one task.
func contextHeaders(logicalName string) ([]sdk.Header, error) {
	run, err := uuid.NewV7()
	if err != nil {
		return nil, err
	}
	return []sdk.Header{
		{Key: headerLogicalName, Value: []byte(logicalName)},
		{Key: headerTaskID, Value: []byte("0")},
		{Key: headerConnector, Value: []byte("mysql")},
		{Key: headerRunID, Value: []byte(run.String())},
	}, nil
}
