extends SceneTree

# Writes what Godot made of each file: bones, and where they are in the world at some frames.
func _process(_delta: float) -> bool:
	var found := {}
	for path in OS.get_cmdline_user_args():
		found[path] = _read(path)
	FileAccess.open("res://found.json", FileAccess.WRITE).store_string(JSON.stringify(found))
	return true

func _read(path: String) -> Dictionary:
	var packed := load("res://" + path) as PackedScene
	if packed == null:
		return {"error": "not imported"}
	var top := packed.instantiate()
	root.add_child(top)
	var skeletons := top.find_children("*", "Skeleton3D", true, false)
	var players := top.find_children("*", "AnimationPlayer", true, false)
	if skeletons.is_empty() or players.is_empty():
		return {"error": "%d skeletons, %d players" % [skeletons.size(), players.size()]}
	var skeleton := skeletons[0] as Skeleton3D
	var player := players[0] as AnimationPlayer
	var bones := []
	var parents := []
	for index in skeleton.get_bone_count():
		bones.append(skeleton.get_bone_name(index))
		parents.append(skeleton.get_bone_parent(index))
	player.callback_mode_process = AnimationMixer.ANIMATION_CALLBACK_MODE_PROCESS_MANUAL
	player.active = true
	var animations := {}
	for name in player.get_animation_list():
		var animation := player.get_animation(name)
		var tracks := []
		for track in animation.get_track_count():
			tracks.append(str(animation.track_get_path(track)))
		var poses := {}
		for frame in range(0, int(round(animation.length * 30.0)) + 1, 10):
			player.stop()
			player.play(name)
			player.advance(frame / 30.0)
			var places := []
			for index in skeleton.get_bone_count():
				var at := skeleton.global_transform * skeleton.get_bone_global_pose(index).origin
				places.append([at.x, at.y, at.z])
			poses[str(frame)] = places
		animations[name] = {"seconds": animation.length, "poses": poses, "root": _has_root(tracks)}
	var level := skeleton.global_transform.basis.get_scale()
	return {"bones": bones, "parents": parents, "animations": animations,
		"scale": [level.x, level.y, level.z],
		"meshes": top.find_children("*", "MeshInstance3D", true, false).size()}

func _has_root(tracks: Array) -> bool:
	return tracks.any(func(track): return track.ends_with("Skeleton3D:root"))
