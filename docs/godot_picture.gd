extends SceneTree

# Saves a picture of a character that was imported, at a time of its animation.
var top: Node3D
var frames := 0

func _initialize() -> void:
	top = (load("res://character.glb") as PackedScene).instantiate() as Node3D
	root.add_child(top)
	var sun := DirectionalLight3D.new()
	sun.rotation_degrees = Vector3(-45, 30, 0)
	sun.shadow_enabled = true
	root.add_child(sun)
	var floor_mesh := MeshInstance3D.new()
	floor_mesh.mesh = PlaneMesh.new()
	floor_mesh.scale = Vector3(5, 1, 5)
	root.add_child(floor_mesh)
	var world := WorldEnvironment.new()
	world.environment = Environment.new()
	world.environment.background_mode = Environment.BG_COLOR
	world.environment.background_color = Color(0.3, 0.34, 0.4)
	world.environment.ambient_light_source = Environment.AMBIENT_SOURCE_COLOR
	world.environment.ambient_light_color = Color(0.6, 0.62, 0.65)
	root.add_child(world)
	var player := top.find_children("*", "AnimationPlayer", true, false)[0] as AnimationPlayer
	player.callback_mode_process = AnimationMixer.ANIMATION_CALLBACK_MODE_PROCESS_MANUAL
	player.play(player.get_animation_list()[0])
	player.advance(float(OS.get_cmdline_user_args()[0]))
	var skeleton := top.find_children("*", "Skeleton3D", true, false)[0] as Skeleton3D
	var hips := skeleton.get_bone_global_pose(skeleton.find_bone("pelvis")).origin
	var camera := Camera3D.new()
	root.add_child(camera)
	camera.fov = 40
	camera.look_at_from_position(Vector3(hips.x + 0.6, 1.4, hips.z + 2.9), Vector3(hips.x, 0.85, hips.z))
	root.size = Vector2i(640, 560)

func _process(_delta: float) -> bool:
	frames += 1
	if frames < 10:
		return false
	root.get_texture().get_image().save_png("res://picture.png")
	return true
