"""What a tool is: a row over a verb and the serializers that every door shares."""
